"""Writes pyarrow_COMPRESSION.parquet: every compression and type that pyarrow writes, two versions of pages, with and
without dictionaries. Run with pyarrow 21.0.0, NumPy 2.2.6 (Python 3.11)."""

import datetime
import decimal
import pathlib

import numpy
import pyarrow
import pyarrow.parquet

folder = pathlib.Path(__file__).parent
n = 90
rows = range(n)
table = pyarrow.table(
    {
        "smiles": pyarrow.array(["C" * (1 + i % 50) for i in rows]),
        "id": pyarrow.array([2**63 + i for i in rows], pyarrow.uint64()),
        "f64": pyarrow.array([None if i % 4 == 0 else i / 7 for i in rows], pyarrow.float64()),
        "f32": pyarrow.array([i / 4 for i in rows], pyarrow.float32()),
        "f16": pyarrow.array(numpy.array([i / 8 for i in rows], dtype=numpy.float16)),
        "i8": pyarrow.array([i % 256 - 128 for i in rows], pyarrow.int8()),
        "u32": pyarrow.array([2**32 - 1 - i for i in rows], pyarrow.uint32()),
        "flag": pyarrow.array([None if i % 5 == 0 else i % 2 == 0 for i in rows], pyarrow.bool_()),
        "small": pyarrow.array([decimal.Decimal(i - 150) / 100 for i in rows], pyarrow.decimal128(7, 2)),
        "large": pyarrow.array([decimal.Decimal(i - 150) / 1000 for i in rows], pyarrow.decimal128(30, 3)),
        "text": pyarrow.array([None if i % 6 == 0 else f" {i}.5 " for i in rows], pyarrow.large_string()),
        "nested": pyarrow.array([None if i % 3 == 0 else {"x": i * 2.0} for i in rows]),
        "list": pyarrow.array([[1.0] * (i % 3) for i in rows]),
        "day": pyarrow.array([datetime.date(2026, 1, 1)] * n),
    }
)
for compression in ("none", "snappy", "gzip", "zstd", "lz4", "brotli"):
    pyarrow.parquet.write_table(
        table,
        folder / f"pyarrow_{compression}.parquet",
        compression=compression,
        row_group_size=40,
        data_page_size=256,
        data_page_version="2.0" if compression in ("zstd", "gzip") else "1.0",
        write_page_checksum=compression == "snappy",
        use_dictionary=compression != "lz4",
        version="2.6",
    )
