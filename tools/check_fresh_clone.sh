#!/bin/sh
# Clones the repository into an empty folder, runs `make run` there as a new user would, and asks three questions.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
port=${1:-5016}
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
git clone --quiet "$here" "$folder/clone"
cd "$folder/clone"
started=$(date +%s)
PORT=$port make run >"$folder/log" 2>&1 &
server=$!
tries=0
until curl -sf "http://localhost:$port/health" >/dev/null; do
    tries=$((tries + 1))
    if [ "$tries" -gt 900 ] || ! kill -0 "$server" 2>/dev/null; then
        echo "make run did not come up:" >&2
        tail -20 "$folder/log" >&2
        exit 1
    fi
    sleep 1
done
echo "Ready $(($(date +%s) - started)) s after the clone; installed: $(du -sm .venv | cut -f1) MB."
base="http://localhost:$port/webhooks/web"
token=$(curl -sf -X POST "$base/session" | sed 's/.*"token":"\([^"]*\)".*/\1/')
ask() {
    reply=$(curl -sf -X POST "$base/messages" -H "Authorization: Bearer $token" -H "Content-Type: application/json" \
        -d "{\"text\": \"$1\"}")
    case $reply in
    *"\"topic\":\"$2\""*) echo "ok: $1 -> $2" ;;
    *) echo "'$1' should be answered on $2, but got: $reply" >&2; exit 1 ;;
    esac
}
curl -sf "http://localhost:$port/" | grep -q "<title>" || { echo "The page is not served." >&2; exit 1; }
ask "why only 20mg?" why_20mg
ask "i dont want to be here anymore" crisis
ask "what is the weather" crisis
