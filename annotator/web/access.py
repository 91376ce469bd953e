"""Who may do what: every route and verb for each role. Handlers hold it by what they depend on.

README shows this table; tests/web/test_access.py tries every row with other people's ids.
"""

# yes: it is theirs. no: 404, as if it did not exist. in: asked to sign in. A number: that status.
# The reviewer reads the article and has labelled it, but not finished; the outsider reads none. Under /api/v1 it is a
# script with that person's token.
TABLE = """
method path                                          nobody outsider reviewer lead
GET    /healthz                                      yes    yes      yes      yes
GET    /sign-in                                      yes    yes      yes      yes
POST   /sign-in                                      401    401      401      401
POST   /sign-out                                     401    yes      yes      yes
GET    /password                                     in     yes      yes      yes
POST   /password                                     401    yes      yes      yes
POST   /password/delete                              401    yes      yes      yes
GET    /                                             in     yes      yes      yes
GET    /guidelines                                   in     yes      yes      yes
POST   /guidelines                                   401    no       no       yes
GET    /guidelines/rules/{rule}                      in     yes      yes      yes
GET    /guidelines/versions                          in     yes      yes      yes
GET    /guidelines/changes                           in     yes      yes      yes
GET    /guidelines/labels                            in     yes      yes      yes
GET    /guidelines/edit                              in     no       no       yes
GET    /settings                                     in     yes      yes      yes
POST   /settings                                     401    yes      yes      yes
GET    /articles/{article_id}                        in     no       yes      yes
POST   /articles/{article_id}/finish                 401    no       yes      no
POST   /articles/{article_id}/reopen                 401    no       yes      no
POST   /articles/{article_id}/take                   401    no       no       yes
POST   /annotations                                  401    no       yes      no
POST   /attributions                                 401    no       yes      no
POST   /attributions/suggestion/dismiss              401    no       yes      no
POST   /attributions/{attribution_id}                401    no       yes      no
POST   /attributions/{attribution_id}/delete         401    no       yes      no
POST   /claims/{claim_id}                            401    no       yes      no
POST   /evidence                                     401    no       yes      no
POST   /evidence/{evidence_id}                       401    no       yes      no
POST   /evidence/{evidence_id}/delete                401    no       yes      no
POST   /undo                                         401    no       yes      no
GET    /speakers                                     in     yes      yes      yes
GET    /speakers/{uid}                               in     no       yes      yes
POST   /speakers/{uid}/aliases                       401    no       yes      yes
POST   /speakers/{uid}/aliases/{n:int}/delete        401    no       yes      yes
GET    /speakers/{uid}/merge                         in     no       yes      yes
POST   /speakers/{uid}/merge                         401    no       yes      yes
POST   /speakers/{uid}/unmerge                       401    no       yes      yes
GET    /sources                                      in     yes      yes      yes
GET    /sources/{uid}                                in     no       yes      yes
GET    /sources/{uid}/edit                           in     no       yes      yes
GET    /sources/{uid}/merge                          in     no       yes      yes
POST   /sources/{uid}/edit                           401    no       yes      yes
POST   /sources/{uid}/merge                          401    no       yes      yes
POST   /sources/{uid}/unmerge                        401    no       yes      yes
GET    /disagreements                                in     yes      yes      yes
GET    /disagreements.json                           in     yes      yes      yes
GET    /disagreements.csv                            in     yes      yes      yes
GET    /disagreements.counts.csv                     in     yes      yes      yes
GET    /disagreements.html                           in     yes      yes      yes
GET    /disagreements/mine                           in     yes      yes      yes
GET    /articles/{uid}/disagreements                 in     no       no       yes
GET    /articles/{uid}/disagreements.json            in     no       no       yes
GET    /articles/{uid}/disagreements.csv             in     no       no       yes
GET    /articles/{uid}/disagreements.counts.csv      in     no       no       yes
GET    /articles/{uid}/disagreements.html            in     no       no       yes
GET    /adjudication                                 in     no       no       yes
POST   /adjudication/unanimous                       401    no       no       yes
GET    /adjudication/{uid}                           in     no       no       yes
POST   /adjudication/{uid}                           401    no       no       yes
POST   /adjudication/{uid}/undo                      401    no       no       yes
GET    /export                                       in     yes      yes      yes
GET    /export/articles.jsonl                        in     no       no       yes
GET    /export/sentences.jsonl                       in     no       no       yes
GET    /export/manifest.json                         in     no       no       yes
GET    /export/{format}.zip                            in     no       no       yes
GET    /releases                                     in     no       no       yes
POST   /releases                                     401    no       no       yes
GET    /releases/{name}/{file}                       in     no       no       yes
POST   /articles                                     401    no       no       yes
GET    /articles/{article_id}/delete                 in     no       no       yes
POST   /articles/{article_id}/delete                 401    no       no       yes
POST   /articles/{article_id}/recover                401    no       no       yes
GET    /deleted                                      in     no       no       yes
GET    /people                                       in     no       no       yes
POST   /people                                       401    no       no       yes
GET    /people/assign                                in     no       no       yes
POST   /people/assign                                401    no       no       yes
GET    /project                                      in     no       no       yes
POST   /project                                      401    no       no       yes
GET    /people/{uid}                                 in     no       no       yes
POST   /people/{uid}/link                            401    no       no       yes
POST   /people/{uid}/deactivate                      401    no       no       yes
POST   /people/{uid}/activate                        401    no       no       yes
POST   /sentences/{sentence_id}/split                401    no       no       yes
POST   /sentences/{sentence_id}/merge                401    no       no       yes
POST   /sentences/{sentence_id}/move                 401    no       no       yes
POST   /articles/{article_id}/sentences/undo         401    no       no       yes
GET    /articles/{article_id}/resegment              in     no       no       yes
POST   /articles/{article_id}/resegment              401    no       no       yes
GET    /api                                          in     yes      yes      yes
GET    /api/v1/openapi.json                          401    yes      yes      yes
GET    /api/v1/articles                              401    yes      yes      yes
POST   /api/v1/articles                              401    no       no       yes
GET    /api/v1/articles/{article_id}                 401    no       yes      yes
GET    /api/v1/articles/{article_id}/sentences       401    no       yes      yes
GET    /api/v1/articles/{article_id}/annotations     401    no       yes      yes
PUT    /api/v1/sentences/{sentence_id}/annotation    401    no       yes      no
GET    /api/v1/export/articles                       401    no       no       yes
GET    /api/v1/export/sentences                      401    no       no       yes
GET    /api/v1/report                                401    yes      yes      yes
"""
ROLES = ("nobody", "outsider", "reviewer", "lead")
RULES = {(row[0], row[1]): dict(zip(ROLES, row[2:], strict=True)) for row in map(str.split, TABLE.split("\n")[2:-1])}
"""(verb, path) -> role -> what the role may do."""
