"""Word lists of the suggestions: verbs and nouns of speech and belief, document nouns, nameless and group speakers."""

from annotator.nlp.words import words_of

SAYING = words_of("""
    accept acknowledge add describe radio admit advise affirm agree allege announce answer argue assert assure
    attest boast caution chant charge claim clarify comment complain concede conclude confess confide confirm
    contend counter cry declare deny disclose elaborate emphasise emphasize estimate explain exclaim forecast
    gripe hint imply inform insist interject interrupt joke lament maintain mention mumble murmur muse mutter
    note object observe opine plead pledge point post postulate predict proclaim profess promise propose protest
    quip quote read reassure recall reckon recommend recount reiterate relate remark remember remind repeat
    reply report respond retort retweet reveal roar rule say scream shout sigh signal snap speculate state
    stipulate stress submit suggest surmise swear tell testify text theorise theorize threaten tweet underline
    underscore urge venture vow warn whisper write yell find email hold retell dispute
    """)
ASKING = words_of("ask enquire inquire wonder query")
DIRECTING = words_of("""
    urge ask tell order instruct direct demand beg implore request advise encourage invite warn recommend insist
    plead exhort command beseech appeal call
    """)
BELIEVING = words_of("""
    believe think hope fear expect doubt suspect feel assume worry reckon suppose guess imagine consider
    """)
SHOWING = words_of("""
    show indicate suggest reveal mean find prove demonstrate reflect estimate read hold imply signal
    """)
TAGGING = words_of("""
    laugh continue begin start smile shrug conclude call offer agree chime sing croon bark sneer scoff fume rage
    joke grin nod gush enthuse praise go blog type message caption chuckle recall
    """)
NAMING = words_of("call label dub brand term deem")
AS_TAKING = words_of("""
    describe characterise characterize dismiss denounce condemn criticise criticize hail praise portray depict
    slam blast decry deride mock reject paint see regard view cite
    """)
OBJECT_TAKING = words_of("""
    deny announce demand allege predict forecast recommend propose promise pledge urge blame accuse admit
    confirm acknowledge threaten advise disclose
    """)
QUOTED_OBJECT_TAKING = words_of("""
    praise hail dismiss denounce condemn criticise criticize slam blast decry lament question defend reject mock
    thank attack welcome cite celebrate express voice claim promise offer use issue describe report see allege
    stress emphasise emphasize note mention say suggest reveal read declare deplore ridicule invoke send recall
    applaud bemoan acknowledge post write tweet chant shout
    """)
PREPOSITION_TAKING = {
    "complain": words_of("about of that"),
    "warn": words_of("of against about"),
    "apologise": words_of("for"),
    "apologize": words_of("for"),
    "call": words_of("for on upon"),
    "appeal": words_of("for"),
    "ask": words_of("for about"),
    "accuse": words_of("of"),
    "hint": words_of("at"),
    "boast": words_of("of about"),
    "plead": words_of("for"),
    "speak": words_of("of"),
}
PASSIVE_LISTENING = words_of(
    "tell ask inform warn advise urge order remind instruct assure notify reassure encourage request"
)
RUMOURED = words_of("""
    say believe think report allege claim rumour rumor understand reckon
    """)
AS_SAYING = SAYING | words_of("put see show describe quote")
DENYING = words_of("deny reject confirm acknowledge dispute")
PREVENTING = words_of("prohibit ban bar forbid prevent stop keep block exempt")
CONTROLLING = words_of("""
    decline refuse go continue fail begin start come proceed dare hasten love like rush quote use
    """)
REFUSING = words_of("decline refuse fail")
INTENDING = words_of("want plan intend aim seek vow pledge promise")
PROMISING = words_of("""
    vow promise pledge threaten swear offer agree propose claim profess volunteer undertake
    """)

NOMINAL = words_of("""
    claim accusation allegation warning statement announcement assertion suggestion complaint argument
    contention promise pledge vow insistence denial admission prediction forecast remark comment declaration
    concern fear belief hope view opinion assurance demand charge proposal report speculation concession threat
    acknowledgement acknowledgment confirmation revelation finding conclusion recommendation plea request appeal
    message testimony estimate confession observation boast protest call rumour rumor conviction criticism
    notion idea doubt impression expectation suspicion
    """)
NOMINAL_BELIEFS = words_of("""
    belief hope fear view opinion conviction doubt expectation suspicion impression notion idea
    """)
NOMINAL_DIRECTIVES = words_of("demand plea request appeal call recommendation")
LIGHT = words_of("""
    make issue release repeat express voice add give offer raise publish deliver reiterate post send level file
    lodge deny reject share echo hold have air state announce include contain receive face draw come be
    """)
GIVING = words_of("""
    make issue release repeat express voice add give offer raise publish deliver reiterate post send level file
    lodge share echo air hold have
    """)

DOCUMENTS = words_of("""
    report study survey audit notice sign letter statement poll data figure figures analysis paper document memo
    record records filing complaint lawsuit indictment affidavit article book review assessment census
    statistics email e-mail tweet post message log file files note banner placard poster headline text order
    decision ruling judgment judgement verdict inquiry investigation research researcher researchers evidence
    finding findings result results transcript website page release newspaper magazine studies reports documents
    experiment dossier index bulletin minutes caption label plaque inscription map chart estimates projections
    forecast
    """)
NO_SPEAKERS = words_of("""
    note update disclaimer photo photos picture image video correction editor editors published updated source
    sources caption tags topics related watch listen read more advertisement share contact email tel phone
    example warning figure table map chart graphic opinion analysis live breaking exclusive explainer review
    podcast date time where when what who why how step tip fact facts part chapter section price cost address
    location background summary conclusion results methods introduction copyright also monday tuesday wednesday
    thursday friday saturday sunday today yesterday tomorrow total score here however remember first second
    third finally question
    """)
ANONYMOUS = words_of("anonymity anonymous anonymously unnamed unidentified")
ANONYMOUS_PHRASES = (
    "not to be named", "not be named", "not be identified", "not to be identified", "withheld", "requested anonymity",
    "familiar with the matter", "not authorised to speak", "not authorized to speak",
)  # fmt: skip
NAMELESS_HEADS = words_of("source insider")
GROUPS = words_of("""
    people public crowd protesters residents critics everyone everybody many some most others all both several
    few fans opponents supporters media
    """)
NOT_GROUPS = words_of("""
    police data news records documents minutes files statistics figures
    """)
FIRST_PERSON = words_of("i we me us")
SECOND_PERSON = words_of("you")
THIRD_PERSON = words_of("he she they it")
RELATIVE = words_of("who which that whom whose")
HYPOTHETICAL = words_of("would could should might must can may 'd ’d ca let")
DAYS = words_of("""
    monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow tonight week month year
    january february march april may june july august september october november december morning afternoon
    evening night day earlier later
    """)
WOMEN = words_of("""
    mrs ms miss madam lady queen princess mother sister daughter wife aunt actress businesswoman spokeswoman
    chairwoman congresswoman councilwoman girl woman dame her herself widow grandmother niece duchess
    """)
MEN = words_of("""
    mr sir lord king prince father brother son husband uncle actor businessman spokesman chairman congressman
    councilman boy man his himself him widower grandfather nephew duke
    """)
REPLIES = words_of("""
    reply answer response verdict advice motto comment slogan explanation retort word words
    """)
EVALUATING = words_of("""
    cite praise hail dismiss denounce condemn criticise criticize slam blast decry lament defend reject mock
    thank attack welcome celebrate deplore ridicule applaud bemoan
    """)
DESCRIBING = words_of("""
    describe characterise characterize dismiss denounce condemn hail praise portray deride decry
    """)
REPORTABLE = words_of("""
    responsibility involvement wrongdoing fault guilt mistake mistakes error errors support help reform reforms
    end change changes cut cuts increase ban plan plans measure measures defeat liability negligence failure
    failures theft fraud lies
    """)
VERBS = (
    SAYING | ASKING | DIRECTING | BELIEVING | SHOWING | NAMING | AS_TAKING | OBJECT_TAKING
    | QUOTED_OBJECT_TAKING | INTENDING | PREPOSITION_TAKING.keys() | PASSIVE_LISTENING | PROMISING | TAGGING | AS_SAYING
)  # fmt: skip
INFINITIVE_NOUNS = words_of("""
    promise pledge vow threat refusal offer proposal call demand plea request appeal
    """)
FINDERS = words_of("""
    court judge jury panel committee commission inquest tribunal team scientist expert economist analyst
    inspector auditor inspectorate agency watchdog regulator official police prosecutor investigator institute
    office commissioner ombudsman union group minister government historian company ministry board
    """)
UTTERING = words_of(
    "say tweet shout chant reply ask answer scream yell cry write whisper sing add text read respond mutter"
)
MEASURES = words_of("""
    plan schedule status number need ability size age law rule type amount doctrine principle taste preference
    circumstance season custom tradition script standard order degree kind value weight height rank belief wish
    requirement criterion instruction specification protocol norm logic
    """)
NAMELESS = words_of("name identify")  # "asked not to be named" reports nothing
