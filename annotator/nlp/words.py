"""Word lists of the boundary rules: abbreviations by what may follow them, sentence starters, speech verbs."""


def words_of(text: str) -> frozenset[str]:
    """Read a list of words parted by white space."""
    return frozenset(text.split())


TITLES = words_of("""
    Mr. Mrs. Ms. Mx. Dr. Rt. Prof. Rev. Fr. Hon. Gov. Sen. Rep. Reps. Sens. Gen. Maj. Lt. Col. Sgt. Cpl. Pvt. Cmdr.
    Adm. Capt. Det. Insp. Supt. Pres. Amb. Sec. Atty. Messrs. Mmes. Mme. Mlle. Supt. Asst. Assoc. Bros. Msgr. Ald.
    Del. Mt. Ft. Brig. Drs. Profs. Govs. Gens. Treas. Dir. Hr. Mssrs. Pte. Lieut. Sr. Sra. Srta. Dra.
    """)
MONTHS = words_of(
    "Jan. Feb. Mar. Apr. Jun. Jul. Aug. Sept. Sep. Oct. Nov. Dec. Mon. Tue. Tues. Wed. Thu. Thurs. Fri. Sat. Sun."
)
NUMBERED = words_of("""
    no. nos. nr. n°. sec. secs. art. arts. p. pp. par. para. vol. vols. fig. figs. ch. chap. °. ca. c. approx. pt.
    eq. ex. ed. app. cl. ver. v. rte. hwy. apt. ste. bldg. ref. tab. ext. tel. col. ll. l. op. est. max. min. b.
    d. fl. r. cap. lot. amend. reg.
    """)
INNER = words_of("e.g. i.e. vs. cf. viz. al. resp. incl. esp. ca. c. feat. a.k.a. approx. ibid. op. cit.")
PLACES = words_of("""
    U.S. U.K. U.N. E.U. U.S.A. U.A.E. D.C. N.Y. L.A. N.J. N.C. S.C. N.H. N.M. N.D. S.D. R.I. B.C. U.S.S.R. P.R.
    Calif. Conn. Colo. Ariz. Ala. Fla. Ga. Ill. Ind. Kan. Ky. La. Md. Mass. Mich. Minn. Miss. Mo. Mont. Neb. Nev.
    Okla. Ore. Pa. Penn. Tenn. Tex. Va. Vt. Wash. Wis. Wyo. Ont. Que. Alta. Sask.
    """)
FIRMS = words_of(
    "Inc. Corp. Co. Ltd. Jr. Sr. Ph.D. M.D. Esq. Bros. LLC. L.P. L.L.C. P.C. N.V. S.A. B.V. A.G. Cos. M.A. B.A. Plc."
)
HOURS = words_of("a.m. p.m. A.M. P.M.")
LOWER_ABBREVIATIONS = words_of("""
    approx. arr. arrv. st. rd. blvd. assoc. attn. ave. avg. bldg. capt. cont. corp. dept. dir. est. etc. excl.
    ext. feb. fig. figs. gal. gen. gov. hrs. ibid. inc. incl. jan. lbs. ltd. max. min. misc. mon. mrs. nos. oct.
    orig. prof. pts. pub. sept. sec. sen. sgt. std. tel. temp. thur. thurs. tue. tues. var. vol. vols. wed. yrs.
    esp. resp. messrs. rep. rev. voc. ed. oz. lb. tbsp. tsp. ft. bn. mn. tn. sq. cu. kg. km. cm. mm. ml. bros. jr. sr.
    """)
STARTERS = words_of("""
    The This That These Those There Then They He She It We You I But And Or So Yet Nor If When While Where Why How
    What Who Although Though Because Since After Before As At In On By For From With Without During Under Over
    Despite According However Moreover Meanwhile Still Also Instead Perhaps His Her Its Their Our My Your A An
    Another Each Every Some Most Many Few Several All Both No Not Now Today Yesterday Tomorrow Here Is Are Was
    Have Has Had Were Do Does Did Can Could Will Would Should Let Please Only Even Once Until Unless To Such Other
    Others Nobody Neither Everyone Someone Nothing Two Three Four Five One
    """)
NO_SURNAMES = words_of("The This These There He She It They We You But And Neither Nobody Everyone")
AUXILIARIES = words_of("is are was were will would has have had can could should must may do does did")
STREETS = words_of("St. Ave. Rd. Blvd. Dr. Ln. Sq. Hwy.")
UNITS = words_of("in. m. g. l. h. s. mi. yd. pt. qt. hr. min. sec. deg.")
AFTER_DASH = STARTERS - {"I", "The"} | words_of("Yes Yeah Oh Ah Um Uh Well No Okay Like See")
SPEECH_VERBS = words_of("""
    said says say asked asks replied answered added adds told cried shouted wondered exclaimed wrote writes yelled
    whispered demanded continued insisted joked recalled explained screamed called responded quipped tweeted
    declared argued noted muttered murmured observed remarked concluded snapped laughed sighed inquired warned
    admitted agreed announced began
    """)
PRONOUNS = words_of("he she they I we it")
POSTSCRIPTS = words_of("P.S. PS. P.P.S. N.B. NB.")
GO_ON = words_of("'s ’s the a an of and or to in at with by from for on as than his their our your")
DOMAINS = words_of("com org net edu gov")
BRANDS = words_of("""
    Yahoo Jeopardy Joomla Yum Oklahoma Mamma Oliver Hello Airplane Moulin Wham Panic Shazam Kahoot OK
    """)
