"""Word lists of the sentence scores: what values, intensifies, prescribes, measures, dates, changes."""

from annotator.nlp.words import words_of

GOOD = words_of("""
    admirable amazing astonishing attractive beautiful best better bold brave brilliant charming clever
    compelling courageous decent delicious delightful effective elegant encouraging excellent exciting exemplary
    extraordinary fabulous fair fantastic fine glorious good gorgeous grand great handsome helpful heroic honest
    honourable hopeful impressive incredible ingenious inspiring innovative invaluable lovely lucky magnificent
    marvellous masterful memorable noble outstanding perfect pleasant powerful praiseworthy precious promising
    proud refreshing remarkable sensible smart spectacular splendid stunning sublime superb terrific triumphant
    valuable vibrant vital welcome wise wonderful worthy worthwhile triumph masterpiece gem hero joy delight
    miracle genius marvel treasure blessing deserve admire love enjoy thrive flourish succeed essential
    important crucial indispensable thoughtful generous gracious profound rightly richly warm visionary timely
    principled laudable commendable robust resilient uplifting graceful tasteful superbly beautifully finest
    dazzling poignant moving captivating enchanting exquisite
    """)
BAD = words_of("""
    absurd abysmal alarming appalling arrogant atrocious awful bad bizarre blatant bleak bogus brutal callous
    catastrophic cheap clumsy contemptible corrupt cowardly crass crazy crooked cruel cynical dangerous
    deceitful deplorable depressing desperate despicable destructive devastating dire disastrous disgraceful
    disgusting dishonest dismal disturbing dreadful dubious dull dumb dystopian egregious embarrassing evil
    extreme extremist failed false farcical fatal flawed flimsy foolish fraudulent frightening futile ghastly
    greedy grim grotesque harsh hideous hollow horrible horrific hostile humiliating hypocritical idiotic
    ignorant illegitimate immoral inadequate incompetent indefensible inept inexcusable inhumane insane
    insidious insulting irrational irresponsible laughable lazy ludicrous lousy malicious mean mediocre mindless
    miserable misguided misleading monstrous moronic naive nasty needless notorious obscene odious offensive
    ominous outrageous painful pathetic perverse petty pitiful pointless poor preposterous problematic reckless
    repugnant reprehensible ridiculous rotten ruthless sad scandalous senseless shabby shallow shambolic
    shameful shameless shocking sick sinister sleazy sloppy spineless stupid tedious terrible terrifying toxic
    tragic tyrannical ugly unacceptable unfair unforgivable unjust unnecessary unthinkable useless vicious vile
    weak wicked worse worst worthless wretched wrong totalitarian authoritarian woke fake rampant hysterical
    superficial delusive disgrace farce scandal shame outrage nonsense lie liar hypocrisy madness folly insanity
    stupidity tyranny mess catastrophe disaster fiasco debacle travesty mockery propaganda hysteria panic
    fear-mongering fearmongering betrayal cowardice greed idiot fool thug crook crony parasite elite regime
    nightmare horror plague racket hoax sham charade blunder failure disgust contempt hatred cynicism
    indifference arrogance ignorance delusion illusion myth trap threat burden cult mob horde goon cartel puppet
    stooge lackey destroy ruin wreck undermine sabotage exploit manipulate brainwash indoctrinate smear betray
    cripple plunder squander poison peddle spew bully tout preach pander gloat whine sneer mislead deceive
    trample gut ravage smug suffer plummet victim paltry slogan zombie nebulous creaking grab pretend vacuity
    vacuous whim strident xenophobic xenophobia contrived blithely vitriol embittered infamous spiteful
    conspiracy shoehorn gimmick stunt spin cosmetic bungled botched shambles chaos chaotic obsession fanatic
    fixation ideologue ideology ideological dogma agenda cling murky shady veneer pretext excuse smokescreen
    disguise distraction doublespeak newspeak jargon buzzword empty meaningless feeble toothless tepid timid
    craven servile self-serving complacent pompous bloated obsolete archaic backward stagnant decay rot erode
    starve strangle choke gouge loot pillage rig rigged weaponize weaponise gaslight scapegoat demonise demonize
    vilify scaremonger scaremongering alarmist doom apocalypse crusade witch-hunt vendetta warmonger bigot
    bigotry racist racism fascist fascism zealot unpopular skewed embarrass mere laughingstock unhinged deranged
    clueless inane banal bland lifeless botch bungle fiddle squabble bicker rant tantrum gloatingly conceit
    vanity hubris paranoid paranoia lament sorry plight misery squalor
    """)
INTENSIFIERS = words_of("""
    absolutely all-too altogether awfully completely deeply downright entirely especially exceedingly extremely
    fully highly hugely hopelessly immensely incredibly insanely overwhelmingly painfully particularly perfectly
    positively pretty profoundly quite rather really remarkably ridiculously seriously severely so strikingly
    such terribly thoroughly too totally tremendously truly utterly vastly very wholly wildly sheer mere utter
    even ever just simply only far much more most enough
    """)
COMMENTS = words_of("""
    admittedly apparently arguably bizarrely clearly conveniently curiously evidently fortunately frankly
    funnily happily hopefully honestly indeed inevitably interestingly ironically luckily mercifully
    miraculously naturally obviously oddly of-course paradoxically plainly predictably presumably rightly sadly
    shamefully shockingly supposedly surely surprisingly thankfully tragically ultimately undeniably undoubtedly
    unfortunately unsurprisingly wrongly nonetheless nevertheless certainly actually basically essentially
    literally rarely seldom
    """)
HEDGES = words_of("""
    likely maybe perhaps possibly potentially probably seem seemingly appear somehow somewhat suggest tend
    unlikely virtually practically kind sort imagine suppose
    """)
DUTIES = words_of("""
    need needs ought should must urgent imperative duty obligation demand let time stop ignore remember forget
    consider beware imagine wake resist deserve
    """)
MEASURES = words_of("""
    average total percent per cent percentage rate share number amount majority half third quarter fifth dozen
    double triple hundred thousand million billion trillion kilometre kilometer mile metre meter foot tonne ton
    litre liter hectare acre square degree kilogram gram hour minute second day week month year decade century
    euro dollar pound crown cost price budget figure population size length distance salary wage revenue profit
    turnover vote seat ticket
    """)
UNITS = words_of(
    "percent per-cent dollar dollars pound pounds euro euros crowns cents million billion trillion tonnes km"
)
QUANTITIES = words_of("half third quarter fifth tenth dozen majority hundred thousand million billion")
CHANGES = words_of("""
    rise fall increase decrease decline drop grow shrink climb double halve triple gain lose cut reduce raise
    expand soar jump slip exceed reach record average total peak outnumber
    """)
LAWS = words_of("""
    law act rule bill ordinance statute regulation court judge ban require prohibit permit allow licence license
    tax constitution treaty directive clause article verdict sentence fine convict plead appeal lawsuit contract
    agreement sanction tariff quota entitle oblige exempt
    """)
CAUSES = words_of("""
    because cause due result lead trigger prompt contribute thanks owing reason consequence
    """)
EVENTS = words_of("""
    open close build die kill injure arrest elect appoint resign sign publish release launch found establish win
    lose buy sell pay vote approve reject pass sue charge convict sentence test measure count collapse burn
    flood crash arrive leave move hire fire dismiss employ produce export import own run serve attend meet visit
    receive spend earn award host carry hold begin end start stop introduce replace remove announce report
    record find discover create merge acquire fund finance sponsor install repair damage destroy steal rob
    attack strike march protest graduate marry bear retire grow live work cover contain cost weigh supply store
    ship land evacuate inspect suspend cancel postpone reopen demolish register deliver order borrow owe exist
    include
    """)
DATES = words_of("""
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august
    september october november december yesterday today tomorrow ago since last earlier annually yearly monthly
    weekly daily spring summer autumn winter century decade year month week morning evening night afternoon
    recent recently previously until
    """)
SWEEPING = words_of("""
    all always any anybody anyone anything every everybody everyone everything everywhere never nobody none no
    nothing nowhere whatever whoever forever
    """)
MORALS = words_of("""
    freedom liberty justice injustice truth democracy dignity conscience virtue vice honour honor shame blame
    guilt nation people soul spirit faith destiny society humanity civilisation civilization morality courage
    responsibility sense question matter kind reason point idea problem crisis lesson power struggle passion
    dream
    """)
CONTRASTS = words_of(
    "but yet though although instead however rather unlike whereas despite nor merely hardly not still"
)
WISHES = words_of("""
    hope wish want feel think believe guess wonder love hate like fear dream prefer afraid glad happy sad sorry
    grateful proud tired worried excited thrilled delighted miss
    """)
BOILERPLATE = words_of("""
    subscribe subscriber newsletter click cookie cookies copyright reserved advertisement advert sign-up signup
    inbox follow share comment comments download app login log-in register sponsored contact e-mail email
    editor-in-chief read more gallery slideshow disclaimer photo photograph caption getty unsplash
    """) - words_of("""
    read more share follow comment comments contact register email photograph
    """)
OFFICES = words_of("""
    ministry minister government council parliament committee company university hospital police agency
    department court union commission board president mayor school bank firm factory museum library city town
    county region country airport station port bridge road railway ferry clinic plant mine farm
    """)
COLLOQUIAL = words_of("""
    kid kids guy guys stuff thing things lot lots bunch crap hell damn heck folk folks yeah yes well ok okay hey
    wow oh ah buzz gang bloke dude weird cool fun nuts crazy hype vibe nowadays anyway right sure
    """)
