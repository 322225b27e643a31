"""Our own lists of names, streets and villages, and the shares by which people are invented.

Shares are rounded from published tables for England: age and sex from the Office for National Statistics
mid-2023 estimates, ethnicity and main language from Census 2021. They make the place look plausible; nothing
is measured from them.
"""


def _list(words: str) -> list[str]:
    return words.split()


FEMALE = _list("""
    Agnes Alice Amelia Anita Audrey Ava Barbara Beatrice Brenda Carol Charlotte Chloe Christine Deborah
    Doreen Dorothy Edith Eileen Eleanor Elizabeth Ella Emma Esther Evelyn Fiona Florence Frances Freya
    Gillian Grace Hannah Hazel Heather Helen Hilda Holly Irene Iris Isabella Ivy Jane Janet Jean Jessica
    Josephine Joyce Judith Julie Karen Kathleen Laura Lesley Lily Linda Lucy Lynne Maisie Margaret
    Marjorie Mary Maureen Mavis Megan Millie Molly Muriel Nancy Nicola Norma Olive Olivia Pamela Patricia
    Pauline Penelope Phoebe Phyllis Poppy Rachel Rebecca Rita Rosemary Ruby Sandra Sarah Sheila Shirley
    Sophie Stella Susan Sylvia Teresa Tracey Valerie Vera Violet Wendy Winifred Yvonne Zoe
""")
MALE = _list("""
    Adam Alan Albert Alexander Alfred Andrew Anthony Archie Arthur Barry Benjamin Bernard Brian Charles
    Christopher Clifford Clive Colin Cyril Daniel David Dennis Derek Donald Douglas Edward Eric Ernest
    Ethan Finley Francis Frank Frederick Gareth Geoffrey George Gerald Gordon Graham Harold Harry Henry
    Herbert Hugh Ian Isaac Ivan Jack Jacob James Jeremy John Joseph Joshua Keith Kenneth Kevin Lawrence
    Leo Leonard Leslie Lewis Malcolm Mark Martin Matthew Maurice Michael Neil Nigel Noah Norman Oliver
    Oscar Patrick Paul Peter Philip Ralph Raymond Reginald Richard Robert Roger Ronald Roy Russell Samuel
    Sidney Simon Stanley Stephen Stuart Terence Theodore Thomas Timothy Trevor Victor Walter William
""")
FAMILY = _list("""
    Abbott Ainsworth Alderson Allonby Appleyard Arkwright Atkinson Bainbridge Bamber Barraclough Beckett
    Bellamy Birkett Blackburn Blenkinsop Bolland Bradshaw Braithwaite Briggs Broadbent Capstick Carrick
    Cartmell Chadwick Clegg Cockcroft Copeland Cowgill Crabtree Cragg Dacre Dalton Denby Dewhurst Dixon
    Dobson Dunn Earnshaw Eastham Eccles Entwistle Fairbairn Farrar Fawcett Fielding Fletcher Foster Garth
    Gaskell Gill Greenhalgh Greenwood Grimshaw Haigh Hardcastle Hargreaves Hartley Haworth Hebden
    Helliwell Heywood Hinchliffe Hodgson Holroyd Horsfall Howarth Huddleston Illingworth Ingham Jagger
    Kellet Kendal Kershaw Lancaster Langstaff Lofthouse Longbottom Lumb Marsden Metcalfe Midgley Moorcroft
    Murgatroyd Naylor Nettleton Nuttall Ogden Oldroyd Ormerod Parkin Pickles Pickup Postlethwaite
    Ramsbottom Rawcliffe Redmayne Rigg Robinson Rothwell Salkeld Schofield Shackleton Singleton Stansfield
    Sutcliffe Sykes Tattersall Tempest Thackray Threlkeld Thwaite Tordoff Turnbull Tyson Uttley Varley
    Wadsworth Walmsley Warburton Wharton Whitaker Wilkinson Wolstenholme Womersley Yates
""")

# heritage: family names, female and male given names, for people whose family came from elsewhere
HERITAGE = {
    "south_asian": (
        _list("""Ahmed Akhtar Begum Bhatt Chaudhry Desai Hussain Iqbal Kaur Khan Mahmood Malik
        Mistry Patel Rahman Sandhu Shah Sharma Singh Uddin"""),
        _list("""Aisha Amrit Asha Fatima Farah Gurpreet Jaswinder Kiran Meena Nasreen Nisha
        Parveen Priya Rukhsana Sunita Zainab"""),
        _list("""Abdul Anil Arjun Bilal Dilip Farooq Harjit Imran Jaspal Kamal Mohammed Rajesh
        Rashid Sanjay Tariq Yusuf"""),
    ),
    "black": (
        _list("""Adebayo Adeyemi Agyeman Boateng Campbell Chukwu Clarke Eze Francis Grant Mensah
        Mutasa Ncube Okafor Osei Owusu Reid Samuels"""),
        _list("Abena Ama Blessing Chidinma Delores Efua Gloria Ngozi Patience Rudo Yvette"),
        _list("Chidi Delroy Emeka Errol Kwame Kofi Leroy Obinna Tendai Winston Yaw"),
    ),
    "east_european": (
        _list("""Dąbrowska Ionescu Kowalski Kozłowska Lis Mazur Nowak Petrov Popa Radu Szymański
        Wójcik"""),
        _list("Agnieszka Elena Ewa Ioana Katarzyna Magdalena Olga Zofia"),
        _list("Andrei Jakub Krzysztof Marek Mihai Paweł Stefan Tomasz"),
    ),
    "chinese": (
        _list("Chan Chen Lau Leung Li Wong Zhang"),
        _list("Hui Mei Ling Xiu"),
        _list("Jun Ming Wei Yong"),
    ),
    "arab": (
        _list("Al-Amin Darwish Haddad Khoury Mansour Nasser"),
        _list("Amal Layla Mariam Salma"),
        _list("Ali Hassan Karim Omar"),
    ),
}

# NHS ethnic category (16+1): share in a thousand, heritage of the name, main languages that may be needed
ETHNICITY = [
    ("A", 735, "", ()),
    ("B", 9, "", ()),
    ("C", 64, "east_european", ("pl", "ro", "pt")),
    ("D", 9, "black", ()),
    ("E", 4, "black", ()),
    ("F", 8, "south_asian", ()),
    ("G", 8, "", ()),
    ("H", 33, "south_asian", ("pa", "gu", "hi")),
    ("J", 28, "south_asian", ("ur", "pa")),
    ("K", 11, "south_asian", ("bn",)),
    ("L", 17, "south_asian", ("ta",)),
    ("M", 11, "black", ()),
    ("N", 26, "black", ("so", "fr")),
    ("P", 5, "black", ()),
    ("R", 8, "chinese", ("yue",)),
    ("S", 14, "arab", ("ar", "fa")),
    ("Z", 10, "", ()),
]

# first and last year of age, share in a thousand, share of women in a hundred
AGES = [
    (0, 4, 53, 49),
    (5, 9, 58, 49),
    (10, 14, 61, 49),
    (15, 19, 58, 49),
    (20, 24, 61, 49),
    (25, 29, 66, 50),
    (30, 34, 70, 51),
    (35, 39, 68, 51),
    (40, 44, 66, 51),
    (45, 49, 60, 51),
    (50, 54, 67, 51),
    (55, 59, 68, 51),
    (60, 64, 60, 51),
    (65, 69, 50, 52),
    (70, 74, 47, 52),
    (75, 79, 40, 53),
    (80, 84, 25, 56),
    (85, 89, 15, 60),
    (90, 101, 7, 68),
]

# practice: share of people, the villages and streets it serves, neighbourhood (LSOA) codes that no area has
PRACTICES = [
    ("Z90001", 18, "Eskmouth", "NM1", "E0199900"),
    ("Z90002", 15, "Thornmere", "NM1", "E0199901"),
    ("Z90003", 14, "Thornmere", "NM2", "E0199902"),
    ("Z90004", 13, "Eskmouth", "NM2", "E0199903"),
    ("Z90005", 12, "Brackenhill", "NM3", "E0199904"),
    ("Z90006", 11, "Harrowfell", "NM5", "E0199905"),
    ("Z90007", 10, "Saltings", "NM5", "E0199906"),
    ("Z90008", 7, "Skerry", "NM6", "E0199907"),
]
# how the registers of the same practices weigh: every practice some, the one that codes nothing hardly any
REGISTERS = [10, 13, 13, 13, 12, 12, 11, 3]
STREETS = [
    "Abbot’s Wynd",
    "Alder Close",
    "Back Beck Lane",
    "Bridge End",
    "Cobbler’s Row",
    "Cross Garth",
    "Ferry Road",
    "Fell View",
    "Fuller’s Yard",
    "Gasworks Terrace",
    "Heron Way",
    "High Intake",
    "Kiln Bank",
    "Lime Tree Avenue",
    "Low Shore",
    "Market Hill",
    "Mill Rise",
    "North Quay",
    "Orchard Grove",
    "Packhorse Lane",
    "Ropewalk",
    "St Oswin’s Road",
    "Station Parade",
    "Tenter Fields",
    "Weir Street",
    "Windmill Drive",
]

NO_NUMBER_REASONS = [
    "Newborn, not yet allocated",
    "Visitor from overseas",
    "Traced, no match",
    "Awaiting tracing",
]
