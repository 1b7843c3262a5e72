"""The routes to a data set, from the nearest to the bundled sample."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from platformdirs import user_cache_dir

from bmcourse.checks import one_of
from bmcourse.datasets.cache import locked, store
from bmcourse.datasets.dataset import Dataset
from bmcourse.datasets.errors import CacheError, DataError, IncompleteError, MissingError
from bmcourse.datasets.fetching.hosts import Network
from bmcourse.datasets.formats.decoding import decode, find, npy_source
from bmcourse.datasets.formats.framing import unframed
from bmcourse.datasets.formats.streams import Bytes
from bmcourse.datasets.labelled_texts import LabelledTexts
from bmcourse.datasets.model_file import ModelFile
from bmcourse.datasets.own import OURS, own_folder, read_own
from bmcourse.datasets.registry import REGISTRY, Registry, Source, Spec, read_registry

DATA_FOLDER = "the folder in BMCOURSE_DATA"
USER_CACHE = "the user cache"
KERAS_CACHE = "Keras's cache"
Loaded = Dataset | LabelledTexts | ModelFile
Found = tuple[dict[str, Bytes], str]
"""Verified arrays, and the route they came by in words."""


@dataclass(frozen=True)
class Status:
    """Where the full set of one data set is on this machine, and what to do if it is not.

    Attributes
    ----------
    name, title : str
    place : str
        The place that `Routes.load` would read, in words; "" if there is none.
    folder : Path or None
        That place.
    present, complete, verified : bool
        Whether any file is there, whether all are, and whether every array
        matches its digest.
    has_sample : bool
        Whether a sample of it is inside this package.
    problem, advice : str
        What is wrong and what to do; "" if nothing is.
    """

    name: str
    title: str
    place: str = ""
    folder: Path | None = None
    present: bool = False
    complete: bool = False
    verified: bool = False
    has_sample: bool = True
    problem: str = ""
    advice: str = ""


@dataclass(frozen=True)
class Place:
    """A folder on this machine where a data set may lie in one of some forms.

    Attributes
    ----------
    words : str
        The place in words.
    folder : Path
    forms : tuple of (Path, Source)
        Where to look for which form: in the folder itself or one within.
    """

    words: str
    folder: Path
    forms: tuple[tuple[Path, Source], ...]

    def read(self, spec: Spec) -> dict[str, Bytes]:
        """Return the verified arrays of the first form that is complete here.

        Raises
        ------
        MissingError, IncompleteError
            If no form is there, or only a part of one.
        DataError
            If a file is damaged.
        """
        missing: DataError = MissingError(f"holds no {spec.title}")
        for folder, source in self.forms:
            try:
                files = find(folder, source)
            except IncompleteError as error:
                missing = error
            except MissingError:
                continue
            else:
                return decode(source.form, files, spec.arrays)
        raise missing


@dataclass(frozen=True)
class Routes:
    """Loads data sets by the nearest route that has them.

    Attributes
    ----------
    registry : mapping of name to Spec
    cache : Path or None
        The user cache; it is written only after a fetch. None where the user has no home.
    data : Path or None
        The learner's own folder; it is read, never written.
    keras : Path or None
        The folder of Keras's own cache; read, never written.
    network : Network or None
        The routes over the network; None to stay offline.
    """

    registry: Registry
    cache: Path | None
    data: Path | None = None
    keras: Path | None = None
    network: Network | None = None

    @classmethod
    def from_environment(cls, *, progress: bool = False) -> Routes:
        """Return the routes that the environment variables ask for."""
        environment = os.environ
        data = environment.get("BMCOURSE_DATA")
        cache = environment.get("BMCOURSE_CACHE")
        keras = environment.get("KERAS_HOME") or os.path.join("~", ".keras")
        offline = environment.get("BMCOURSE_OFFLINE", "").strip().lower() not in _ONLINE
        keras_home = _absolute(keras)
        return cls(
            registry=read_registry(REGISTRY),
            cache=_absolute(cache) if cache else _default_cache(),
            data=_own_folder(data) if data else None,
            keras=keras_home / "datasets" if keras_home else None,
            network=None if offline else Network(progress=progress),
        )

    def load(self, name: str) -> Loaded:
        """Return a data set by the nearest route, in the end the bundled sample.

        Raises
        ------
        DataError
            If the folder in BMCOURSE_DATA holds a damaged file: the learner
            asked for it, so nothing else is put in its place. Or if every route
            fails and the set has no sample; the message lists each and why.
        CacheError
            If the set has to be fetched and the cache cannot be written.
        """
        spec = self._spec(name)
        own = own_folder(name)
        if own is not None:
            return read_own(own, spec)
        reasons: list[str] = []
        found = self._local(spec, reasons)
        if found is None and self.network is not None:
            cache = self._writable_cache()
            with locked(cache, name) as incoming:
                found = self._cached(spec)  # another kernel may have fetched it while we waited
                found = found or self._remote(spec, self.network, cache, incoming, reasons)
        if found is not None:
            return _built(spec, *found)
        return self._sample(spec, reasons)

    def fetch(self, name: str) -> Loaded:
        """Bring the full set into the cache, verified, and return it.

        Raises
        ------
        DataError
            If every route fails; the message lists each and why.
        CacheError
            If the cache cannot be written.
        """
        spec = self._spec(name)
        found = self._cached(spec)
        if found is not None:
            return _built(spec, *found)
        reasons: list[str] = []
        cache = self._writable_cache()
        with locked(cache, name) as incoming:
            found = self._cached(spec) or self._copied(spec, cache, reasons)
            if found is None and self.network is not None:
                found = self._remote(spec, self.network, cache, incoming, reasons)
        if found is not None:
            return _built(spec, *found)
        raise DataError(f"{spec.title} could not be fetched. {self._tried(reasons)}")

    def status(self, name: str) -> Status:
        """Say where the full set is on this machine; nothing is fetched or written."""
        spec = self._spec(name)
        nothing = Status(
            name,
            spec.title,
            has_sample=spec.sample is not None,
            problem=_SAMPLE_ONLY if spec.sample else _NOWHERE,
            advice=_FETCH.format(name),
        )
        try:
            own = own_folder(name)
            if own is not None:
                read_own(own, spec)
                here = replace(nothing, place=DATA_FOLDER, folder=own, present=True, complete=True)
                return replace(here, problem=OURS, advice="")
        except DataError as error:
            return replace(nothing, problem=str(error), advice=_REPLACE)
        if self.data is not None and not self.data.is_dir():
            return replace(nothing, problem=_NO_FOLDER.format(self.data), advice=_REPLACE)
        worst = None
        for place in self._places(spec):
            here = replace(nothing, place=place.words, folder=place.folder, problem="", advice="")
            here = replace(here, present=True, complete=True)
            try:
                place.read(spec)
            except MissingError:
                continue
            except DataError as error:
                here = replace(here, complete=not isinstance(error, IncompleteError))
                if place.words == DATA_FOLDER:  # load refuses to pass over it
                    return replace(here, problem=str(error), advice=_REPLACE)
                worst = worst or replace(here, problem=str(error), advice=_FETCH.format(name))
            else:
                return replace(here, verified=True)
        return worst or nothing

    def _spec(self, name: str) -> Spec:
        return self.registry[one_of("name", name, tuple(self.registry))]

    def _places(self, spec: Spec) -> list[Place]:
        """List the folders to look into, nearest first."""
        places = [] if self.cache is None else [_cache_place(self.cache, spec)]
        if self.data is not None:
            own = self.data / spec.name
            forms = [(own, npy_source(spec.arrays))]
            forms += [(folder, source) for folder in (own, self.data) for source in spec.sources]
            places.insert(0, Place(DATA_FOLDER, self.data, tuple(forms)))
        if self.keras is not None:
            keras = tuple((self.keras, source) for source in spec.sources if source.keras)
            places.append(Place(KERAS_CACHE, self.keras, keras))
        return places

    def _writable_cache(self) -> Path:
        if self.cache is None:
            raise CacheError(
                "this user has no home folder for the cache. Set BMCOURSE_CACHE to a folder, "
                "or set BMCOURSE_OFFLINE=1 to work with the bundled sample."
            )
        return self.cache

    def _local(self, spec: Spec, reasons: list[str]) -> Found | None:
        if self.data is not None and not self.data.is_dir():
            raise DataError(_NO_FOLDER.format(self.data))
        for place in self._places(spec):
            try:
                return place.read(spec), place.words
            except DataError as error:
                if place.words == DATA_FOLDER and not isinstance(error, MissingError):
                    raise DataError(
                        f"{place.words}, {place.folder}: {error}. {_REPLACE}"
                    ) from error
                reasons.append(f"{place.words}: {error}")
        return None

    def _cached(self, spec: Spec) -> Found | None:
        if self.cache is None:
            return None
        place = _cache_place(self.cache, spec)
        try:
            return place.read(spec), place.words
        except DataError:
            return None

    def _copied(self, spec: Spec, cache: Path, reasons: list[str]) -> Found | None:
        local = self._local(spec, reasons)
        if local is not None:
            store(cache, spec.name, local[0])
        return local

    def _remote(
        self, spec: Spec, network: Network, cache: Path, incoming: Path, reasons: list[str]
    ) -> Found | None:
        fetched = network.fetch(spec, incoming, reasons)
        if fetched is not None:
            store(cache, spec.name, fetched[0])
        return fetched

    def _sample(self, spec: Spec, reasons: list[str]) -> Loaded:
        if spec.sample is None:
            raise DataError(
                f"{spec.title} cannot be had now, and may not be handed on with the course. "
                f"{self._tried(reasons)}\n{_FETCH.format(spec.name)}, with a network"
            )
        files = find(spec.sample_folder, spec.sample)
        arrays = decode(spec.sample.form, files, spec.sample_arrays)
        source = f"the bundled sample; for the full set run: python -m bmcourse data {spec.name}"
        return _built(spec, arrays, source, sample=True)

    def _tried(self, reasons: list[str]) -> str:
        offline = ["the network: not tried, because BMCOURSE_OFFLINE is set"]
        lines = [*reasons, *([] if self.network else offline)]
        return "Tried:\n" + "\n".join(f"- {line}" for line in lines)


_REPLACE = "Mend that folder, or unset BMCOURSE_DATA."
_NO_FOLDER = "BMCOURSE_DATA must name a folder, got {}"
_ONLINE = ("", "0", "false", "no", "off")  # values of BMCOURSE_OFFLINE
_SAMPLE_ONLY = "only the bundled sample is on this machine"
_NOWHERE = "not on this machine, and there is no bundled sample"
_FETCH = "Run: python -m bmcourse data {}"


def _absolute(path: str) -> Path | None:
    """Return the path in full; None if it lies in the home folder of a user without one."""
    try:
        return Path(path).expanduser().absolute()
    except RuntimeError:  # HOME is unset, and the system knows no such user
        return None


def _default_cache() -> Path | None:
    """Return the system's place for caches; None for a user without a home."""
    try:
        return _absolute(user_cache_dir("bmcourse", appauthor=False))
    except RuntimeError:
        return None


def _own_folder(path: str) -> Path:
    """Return the folder that the learner named; a `~` without a home stays, and is not found."""
    return _absolute(path) or Path(path)


def _cache_place(cache: Path, spec: Spec) -> Place:
    folder = cache / spec.name
    return Place(USER_CACHE, folder, ((folder, npy_source(spec.arrays)),))


def _built(spec: Spec, arrays: Mapping[str, Bytes], source: str, sample: bool = False) -> Loaded:
    if spec.kind == "texts":
        return LabelledTexts(
            name=spec.name,
            title=spec.title,
            texts=unframed(arrays["texts"]),
            labels=arrays["labels"],
            groups=arrays["groups"],
            class_names=spec.class_names,
            group_names=spec.group_names,
            source=source,
            licence=spec.licence,
            citation=spec.citation,
            is_sample=sample,
        )
    if spec.kind == "model":
        return ModelFile(
            name=spec.name,
            title=spec.title,
            content=arrays["content"],
            source=source,
            licence=spec.licence,
            citation=spec.citation,
            is_sample=sample,
        )
    return Dataset(
        name=spec.name,
        title=spec.title,
        class_names=spec.class_names,
        source=source,
        licence=spec.licence,
        citation=spec.citation,
        is_sample=sample,
        **arrays,
    )
