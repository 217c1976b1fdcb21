"""The documents say what is true: settings, commands, places and links."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md")])


def tracked() -> list[str]:
    """Return the paths that git tracks."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def test_every_setting_stands_in_the_example_with_its_default() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^# ([A-Z_]+)=(\S*)", text, flags=re.MULTILINE))
    settings = {name.upper(): default for name, default in vars(Settings()).items()}
    assert set(shown) == set(settings)
    for name, default in settings.items():
        if name != "DATABASE_URL":
            written = str(default).lower() if isinstance(default, bool) else str(default).removesuffix(".0")
            assert shown[name] == written, name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_to_files_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_every_make_target_named_in_the_readme_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    named = {word for line in re.findall(r"make ([a-z -]+)", readme) for word in line.split()[:1]}
    assert named, "the README names its commands"
    assert named - {"help"} <= targets


def test_places_in_the_readme_exist() -> None:
    table = re.findall(r"^\| (`.+?`) \|", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    for row in table:
        for place in re.findall(r"`([^`]+)`", row):
            assert (ROOT / place).exists(), place


@pytest.mark.parametrize("folder", [".venv", ".uv", "models", "var"])
def test_no_folder_that_commands_make_is_tracked(folder: str) -> None:
    assert [path for path in tracked() if path.startswith(f"{folder}/")] == []
    ignored = subprocess.run(["git", "check-ignore", "-q", f"{folder}/"], cwd=ROOT, check=False)
    assert ignored.returncode == 0, f"{folder}/ is missing in .gitignore"


@pytest.mark.parametrize("ending", [".db", ".tar.gz", ".pyc", ".env", ".joblib"])
def test_nothing_built_or_secret_is_tracked(ending: str) -> None:
    assert [path for path in tracked() if path.endswith(ending)] == []


def test_no_tracked_file_is_larger_than_the_encoder_may_be() -> None:
    sizes = {path: (ROOT / path).stat().st_size for path in tracked() if (ROOT / path).exists()}
    assert max(sizes.values()) <= 35_000_000
