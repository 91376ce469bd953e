"""Queue, speakers and sources read the same from SQLite and from PostgreSQL."""

from datetime import date

from annotator.reports import queue, sources, speakers
from db.engine import Database
from db.queries import export
from db.queries.statements import Viewer
from tests import factories

TODAY = date(2026, 11, 24)
TEXT = "The pier 🚢\n\n“The pier is unsafe 🚢,” said Ida Holm. Closing it costs little."  # fiction


def test_queue_speakers_and_sources_on_both_databases(any_database: Database) -> None:
    with any_database.write() as session:
        lead, anna = factories.make_lead(session), factories.make_reviewer(session, "Anna")
        ben = factories.make_reviewer(session, "Ben")
        article = factories.make_article(session, TEXT)
        factories.assign(session, article, anna, ben, due="2026-11-25T23:59:59.000Z")
        sentence = factories.sentences_of(session, article)[1]
        speaker, source = factories.make_speaker(session, "Ida Holm"), factories.make_source(session)
        row = factories.annotate(session, sentence, anna, ("quote", "claim"))
        factories.annotate(session, sentence, ben, ("quote",))
        start, cue = TEXT.index("The pier is"), TEXT.index("said")
        spans = {"content": [(start, start + 20)], "cue": [(cue, cue + 4)]}
        factories.make_attribution(session, row, speaker_id=speaker.id, source_id=source.id, **spans)
        factories.make_evidence(session, factories.make_claim(session, row), source, stance="refutes")
        ids = (lead.id or 0, anna.id or 0, ben.id or 0)
    with any_database.read() as session:
        own = queue.own(session, ids[1], TODAY)
        assert own.resume is not None
        assert (own.resume.ordinal, own.resume.text, own.resume.due) == (1, "The pier 🚢", "due tomorrow")
        overview = queue.everything(session, TODAY).articles[0]
        assert (overview.article.title, overview.disputed) == (TEXT, 1)
        assert [(reader.name, reader.done) for reader in overview.readers] == [("Anna", 1), ("Ben", 1)]
        assert queue.open_work(session) == {ids[1]: 2, ids[2]: 2}
        assert export.amounts(session) == (1, 3, 2, 0)
        said = speakers.report(session, speaker, Viewer(ids[1], False))
        assert said is not None
        assert [piece.text for piece in said.said[0].pieces if piece.said] == ["The pier is unsafe 🚢"]
        assert (said.said[0].cue, said.said[0].cue_in) == ("said", None)
        proved = sources.report(session, source, Viewer(ids[0], True))
        assert proved is not None
        assert (proved.lede, len(proved.mentions)) == ("Used for one claim: it refutes it.", 1)
        assert proved.proofs[0].by == ("Anna",)
        other = Viewer(ids[2], False)
        assert speakers.report(session, speaker, other) is None
        assert sources.report(session, source, other) is None
