"""What every page shows around its own part."""

from dataclasses import dataclass

from annotator import language
from annotator.language import later
from annotator.web.deps import Visitor

# address, name, for leads only
PLACES = (
    ("/", later("Queue"), False),
    ("/disagreements", later("Disagreements"), False),
    ("/adjudication", later("Adjudication"), True),
    ("/speakers", later("Speakers"), False),
    ("/sources", later("Sources"), False),
    ("/guidelines", later("Guidelines"), False),
    ("/export", later("Export"), False),
)


@dataclass(frozen=True, slots=True)
class Chrome:
    """What every page shows around its own part."""

    visitor: Visitor | None
    path: str
    request_id: str

    @property
    def form_token(self) -> str:
        return self.visitor.form_token if self.visitor else ""

    @property
    def places(self) -> list[tuple[str, str]]:
        """The navigation of this visitor."""
        lead = self.visitor is not None and self.visitor.is_lead
        return [(path, language.gettext(name)) for path, name, leads_only in PLACES if lead or not leads_only]
