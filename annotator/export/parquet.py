"""Parquet for pandas and Hugging Face datasets: sentences and articles as the contract has them, with a card.

The columns are the contract's schemas as Arrow types: nothing is flattened, nothing lost. Two columns are classes with
their names in the file: `primary_label`, and `labels`, those of gold.
"""

import io
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson

from annotator.errors import Refused
from annotator.export import card
from annotator.export.agreement import Pooled
from annotator.export.target import Target
from annotator.export.validate import SCHEMAS
from annotator.export.works import Work

if TYPE_CHECKING:
    import pyarrow

SENTENCES, ARTICLES = "sentences.parquet", "articles.parquet"
CLASSES = {"labels": ("claim", "quote", "opinion"), "primary_label": ("claim", "quote", "opinion", "none")}
ROWS = {SENTENCES: 2_000, ARTICLES: 200}  # in one row group: what is in memory
LOSSES = {"line_bytes": "the canonical bytes of the lines: all they say is there, their hashes are not"}
NAMES = {"string": "string", "integer": "int64", "number": "float64", "boolean": "bool"}


def write(target: Target, works: Iterable[Work]) -> None:
    """Write sentences.parquet, articles.parquet, README.md (the card) and croissant.json. Raises Refused."""
    pooled, about = Pooled(), card.About(filters=target.filters)
    with ExitStack() as stack:
        sentences, articles = (stack.enter_context(_table(target, name)) for name in (SENTENCES, ARTICLES))
        for work in works:
            pooled.article(work.article)
            about.article(work.article)
            articles.add(work.article)
            for sentence in work.sentences:
                pooled.sentence(sentence)
                sentences.add(_with_classes(sentence))
            target.wrote("articles")
            target.wrote("sentences", len(work.sentences))
            target.lose("line_bytes", 1 + len(work.sentences))
    hashes = {name: target.files[name] for name in (SENTENCES, ARTICLES)}
    columns = {name: _columns(_schema(kind)) for name, kind in ((SENTENCES, "sentence"), (ARTICLES, "article"))}
    with target.file(card.CROISSANT) as put:
        put(card.croissant(about, target, hashes, columns))
    with target.file(card.CARD) as put:
        put(card.text(about, target, pooled.result()))


def _with_classes(sentence: Mapping[str, Any]) -> dict[str, Any]:
    """The line with its classes as numbers; `labels` are those of gold, None without gold."""
    primary, gold = sentence["primary_label"], sentence["gold"]
    return {
        **sentence,
        "labels": None if gold is None else [CLASSES["labels"].index(label) for label in gold["labels"]],
        "primary_label": None if primary is None else CLASSES["primary_label"].index(primary),
    }


class _Sink(io.RawIOBase):
    """A file for pyarrow that passes bytes on."""

    def __init__(self, put: Callable[[bytes], None]) -> None:
        super().__init__()
        self._put, self._size = put, 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._size

    def write(self, data: Any) -> int:
        part = bytes(data)
        self._put(part)
        self._size += len(part)
        return len(part)


class _table:  # noqa: N801  a context, as contextlib's own are
    """A Parquet file that is written a row group at a time."""

    def __init__(self, target: Target, name: str) -> None:
        self._name, self._rows = name, list[Mapping[str, Any]]()
        self._arrow = _pyarrow()
        self._schema = _schema("sentence" if name == SENTENCES else "article")
        self._stack = ExitStack()
        self._file = target.file(name)

    def __enter__(self) -> "_table":
        from pyarrow import parquet  # an extra that only this format needs

        sink = _Sink(self._stack.enter_context(self._file))
        writer = parquet.ParquetWriter(sink, self._schema, compression="zstd", version="2.6")
        self._writer = self._stack.enter_context(writer)
        return self

    def add(self, row: Mapping[str, Any]) -> None:
        self._rows.append(row)
        if len(self._rows) == ROWS[self._name]:
            self._flush()

    def _flush(self) -> None:
        self._writer.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
        self._rows.clear()

    def __exit__(self, kind: type[BaseException] | None, error: Any, trace: Any) -> None:
        if kind is None and self._rows:
            self._flush()
        self._stack.__exit__(kind, error, trace)


def _pyarrow() -> Any:
    try:
        import pyarrow  # an extra: 150 MB that only this format needs
    except ImportError as error:
        raise Refused("Parquet needs pyarrow: pip install 'claim-annotator[parquet]'.") from error
    return pyarrow


@cache
def _schema(kind: str) -> "pyarrow.Schema":
    """The contract's schema of a line as an Arrow schema, with the classes named for Hugging Face datasets."""
    arrow = _pyarrow()
    found = orjson.loads((SCHEMAS / f"{kind}.schema.json").read_bytes())
    fields = {name: _type(found, of) for name, of in sorted(found["properties"].items())}
    if kind == "sentence":
        fields |= {"labels": arrow.list_(arrow.int64()), "primary_label": arrow.int64()}
    schema = arrow.schema(sorted(fields.items()))
    features = {name: _feature(name, schema.field(name).type) for name in schema.names}
    return schema.with_metadata({"huggingface": orjson.dumps({"info": {"features": features}}).decode()})


def _type(root: Mapping[str, Any], of: Mapping[str, Any]) -> Any:
    """The Arrow type of a JSON Schema; whatever may be null may be null in every column."""
    arrow = _pyarrow()
    if "$ref" in of:
        return _type(root, root["$defs"][of["$ref"].rpartition("/")[2]])
    kinds = of.get("oneOf") or of.get("anyOf")
    if kinds:
        return _type(root, next(kind for kind in kinds if kind.get("type") != "null"))
    names = [of["type"]] if isinstance(of.get("type"), str) else of.get("type", ["string"])  # a const is a word
    name = next(name for name in names if name != "null")
    if name == "array":
        return arrow.list_(_type(root, of["prefixItems"][0] if "prefixItems" in of else of["items"]))
    if name == "object":
        return arrow.struct(sorted((key, _type(root, value)) for key, value in of["properties"].items()))
    return getattr(arrow, {"bool": "bool_"}.get(NAMES[name], NAMES[name]))()


def _feature(name: str, of: Any) -> Any:
    """What Hugging Face datasets calls a column of this type."""
    arrow = _pyarrow()
    if name in CLASSES:
        words = {"_type": "ClassLabel", "names": list(CLASSES[name])}
        return {"_type": "Sequence", "feature": words} if arrow.types.is_list(of) else words
    if arrow.types.is_struct(of):
        return {field.name: _feature("", field.type) for field in of}
    if arrow.types.is_list(of):
        return [_feature("", of.value_type)]
    return {"_type": "Value", "dtype": str(of).replace("double", "float64")}


def _columns(schema: "pyarrow.Schema") -> list[tuple[str, str]]:
    """(name, Arrow type) of each column."""
    return [(field.name, str(field.type)) for field in schema]
