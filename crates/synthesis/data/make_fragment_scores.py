"""Packs the fragment contributions of the SA score into fragment_scores.bin.

    python make_fragment_scores.py

Source: Contrib/SA_Score/fpscores.pkl.gz of RDKit (made with 2026.9.1), Copyright (c) 2013, Novartis Institutes for
BioMedical Research Inc., BSD 3-clause licence; P. Ertl and A. Schuffenhauer, J. Cheminf. 1, 8 (2009). The source is a
list of rows: a score, then the identifiers of the Morgan environments of radius 0 to 2 that have it.

The file is a raw deflate stream of, all integers little-endian:

    u32           number of scores s
    s x i32       scores in units of 1e-4, the most frequent first
    u32           number of fragments n
    n x varint    identifiers, ascending, as differences from the one before (7 bits a byte, low bits first)
    n x u8        low bytes of the indices into the scores
    n x u8        high bytes
"""

import gzip
import os
import pickle
import struct
import zlib

from rdkit import RDConfig

HERE = os.path.dirname(os.path.abspath(__file__))


def varint(value):
    out = bytearray()
    while value >= 128:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return out


def main():
    with gzip.open(os.path.join(RDConfig.RDContribDir, "SA_Score", "fpscores.pkl.gz")) as f:
        rows = pickle.load(f)
    rows.sort(key=lambda row: -len(row))
    scores = [round(row[0] * 10_000) for row in rows]
    assert all(abs(s / 10_000 - row[0]) < 1e-12 for s, row in zip(scores, rows))
    pairs = sorted((identifier, index) for index, row in enumerate(rows) for identifier in row[1:])
    assert len({identifier for identifier, _ in pairs}) == len(pairs)
    data = bytearray(struct.pack(f"<I{len(scores)}i", len(scores), *scores))
    data += struct.pack("<I", len(pairs))
    last = 0
    for identifier, _ in pairs:
        data += varint(identifier - last)
        last = identifier
    data += bytes(index & 255 for _, index in pairs)
    data += bytes(index >> 8 for _, index in pairs)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    packed = packer.compress(bytes(data)) + packer.flush()
    with open(os.path.join(HERE, "fragment_scores.bin"), "wb") as f:
        f.write(packed)
    print(f"{len(pairs)} fragments, {len(scores)} scores, {len(data)} bytes packed to {len(packed)}")


if __name__ == "__main__":
    main()
