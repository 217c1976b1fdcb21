#!/bin/sh
# Runs uv with Python 3.11: that of .venv, one on PATH, or one that uv can get. Says one clear sentence if there is none.
uv=$1
shift
is_311() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; }
if [ -x .venv/bin/python ] && is_311 .venv/bin/python; then
    exec "$uv" "$@" --python .venv/bin/python
fi
for python in python3.11 python3 python; do
    path=$(command -v "$python") || continue
    if is_311 "$path"; then
        exec "$uv" "$@" --python "$path"
    fi
done
if "$uv" python find 3.11 >/dev/null 2>&1 || "$uv" python install 3.11 >/dev/null 2>&1; then
    exec "$uv" "$@" --python 3.11
fi
found=$(python3 --version 2>/dev/null || echo "no Python")
echo "This project needs Python 3.11; found ${found}, and uv could not get 3.11. Install Python 3.11 and try again." >&2
exit 1
