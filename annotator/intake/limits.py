"""How large what comes in may be (contract, Limits): each is refused in words, nothing is half stored."""

FILE_BYTES = 10 * 1024 * 1024
ARTICLE_CODE_POINTS = 1_000_000
ARTICLE_SENTENCES = 100_000
FIELD_CODE_POINTS = 10_000  # title, publisher and the like
NESTED_TAGS = 1_000  # open elements of a page: a parser needs their square in time
NESTED_BLOCKS = 80  # lists and quotations in one another: Markdown is read by recursion
NESTED_BRACKETS = 100  # of links, in one block of Markdown: a parser looks from each to the end
BLOCK_MARKS = 5_000  # of emphasis, code and links in one block of Markdown, for the same reason
