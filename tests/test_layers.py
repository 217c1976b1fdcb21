"""Which module may import which: each layer only the ones below it. Read from the source, nothing is imported."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

LAYERS = {
    "bot.settings": 1,
    "bot.errors": 1,
    "bot.model": 1,
    "bot.onnx_model": 1,
    "bot.content": 2,
    "bot.safety": 2,
    "bot.storage": 2,
    "bot.course": 2,
    "bot.quantities": 2,
    "bot.countries": 2,
    "bot.payloads": 2,
    "bot.replies": 3,
    "bot.nlu": 4,
    "bot.channels": 4,
    "bot.engine": 4,
    "actions": 4,
    "bot.cli": 5,
    "bot.logs": 5,
    "bot.__main__": 6,
}

EXCEPTIONS = {
    ("bot.settings", "bot.errors"): "a setting that cannot be used is an error of ours; errors import nothing",
    ("bot.engine.server", "bot.channels.problems"): "the server wires the channels into the engine",
    ("bot.engine.server", "bot.channels.telegram.channel"): "the server wires the channels into the engine",
    ("bot.engine.server", "bot.channels.web"): "the server wires the channels into the engine",
    ("bot.engine.server", "bot.channels.engine_thread"): "the server understands in the engine's thread",
    ("bot.engine.shell", "bot.channels.conversation"): "the shell is a channel of its own",
    ("bot.engine.tour", "bot.channels.conversation"): "the tour is a channel of its own",
    ("bot.cli", "bot.logs"): "the command configures the logs",
}
"""Imports within one layer that are allowed, each with its reason. An entry that is not needed fails a test."""


def name_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {
    name_of(file): file
    for folder in ("bot", "actions")
    for file in sorted((ROOT / folder).rglob("*.py"))
    if "migrations/versions" not in file.as_posix()
}


def package_of(module: str) -> str:
    """Return the entry of `LAYERS` that a module belongs to."""
    parts = module.split(".")
    return next((found for end in (2, 1) if (found := ".".join(parts[:end])) in LAYERS), "")


def imports(module: str) -> set[str]:
    """Return every module that a module imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(FILES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found.update({name for name in names if name in FILES} or {str(node.module)})
    return found


def reached(module: str) -> set[str]:
    """Return every module of ours that importing a module brings in, itself included."""
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        current = waiting.pop()
        if current in FILES and current not in seen:
            seen.add(current)
            waiting.extend(imports(current))
    return seen


INNER = {
    (module, target)
    for module in FILES
    for target in imports(module)
    if package_of(target) and package_of(target) != package_of(module)
}


@pytest.mark.parametrize("module", [module for module in FILES if module != "bot"])
def test_every_module_has_a_layer(module: str) -> None:
    assert package_of(module), f"{module} is in no layer: add it to the table"


@pytest.mark.parametrize("module", FILES)
def test_a_module_imports_only_lower_layers(module: str) -> None:
    if module == "bot":
        assert imports(module) == set()
        return
    layer = LAYERS[package_of(module)]
    wrong = {
        target
        for source, target in INNER
        if source == module and LAYERS[package_of(target)] >= layer and (source, target) not in EXCEPTIONS
    }
    assert wrong == set(), f"{module} (layer {layer}) imports {sorted(wrong)}"


@pytest.mark.parametrize(("source", "target"), EXCEPTIONS, ids=lambda name: name)
def test_every_exception_is_needed_has_a_reason_and_goes_no_layer_up(source: str, target: str) -> None:
    assert (source, target) in INNER
    assert LAYERS[package_of(source)] == LAYERS[package_of(target)]
    assert EXCEPTIONS[source, target]


@pytest.mark.parametrize("module", [name for name in FILES if name != "bot" and LAYERS[package_of(name)] <= 3])
def test_layers_1_to_3_import_no_rasa(module: str) -> None:
    brought = {name.split(".")[0] for inner in reached(module) for name in imports(inner)}
    assert brought & {"rasa", "rasa_sdk", "sanic"} == set()


@pytest.mark.parametrize("module", [name for name in FILES if package_of(name) == "bot.safety"])
def test_the_safety_screen_needs_no_database(module: str) -> None:
    brought = {name.split(".")[0] for inner in reached(module) for name in imports(inner)}
    assert brought & {"sqlalchemy", "alembic", "psycopg2", "redis"} == set()


def test_the_fixed_safety_replies_need_no_database() -> None:
    brought = {name.split(".")[0] for inner in reached("bot.replies.safety") for name in imports(inner)}
    assert "sqlalchemy" not in brought


def test_there_is_no_circle() -> None:
    circles = [
        (module, target)
        for module in FILES
        for target in imports(module)
        if target in FILES and module in reached(target)
    ]
    assert circles == []
