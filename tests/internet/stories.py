"""The articles of our fictional papers. The prose is ours; places, people and events are made up."""

from __future__ import annotations

from tests.internet.build import Outlet, Story

GAZETTE = Outlet(
    "The Harbour Gazette",
    "https://www.harbour-gazette.example",
    ("News", "Harbour", "Islands", "Opinion"),
    "Tides, trade and town since 1888",
)
POST = Outlet("The Northlight Post", "https://www.northlight-post.example", ("News", "Energy", "Coast"))
WEEKLY = Outlet("Quay Weekly", "https://quay-weekly.example", ("Quayside", "Markets"))

GATES_CLOSE = Story(
    "/2021/03/12/storm-gates-close-for-first-time-as-spring-tide-reaches-old-harbour-h20431",
    "Storm Gates Close for First Time as Spring Tide Reaches Old Harbour",
    "2021-03-12T08:15:00+00:00",
    (
        "The storm gates at the mouth of Saltmere's old harbour were closed on Thursday night for the first time since they "
        "were built, hours before the highest spring tide in eleven years met a northerly gale.",
        "The two steel leaves, each as long as a bus and three times as heavy, swung shut at 10.40 p.m. and held until dawn. "
        "Water stood a metre and a half higher on the seaward side than in the basin when the tide turned, harbour master "
        "Edda Vellinga said.",
        '"We had closed them forty times in drills and never once in anger," she told the Gazette on the quay. "You learn '
        'more in one such night than in all the drills together."',
        "About two hundred people had been asked to leave the streets behind the fish market as a precaution. Most spent the "
        "night in the sports hall at Gannet Street, where volunteers served soup and the school band played until midnight.",
        "By Friday morning the worst of the damage was outside the gates. A pontoon of the rowing club had broken loose and "
        "lay across the slipway, and the spray had stripped the paint from the north side of the pilot house.",
        "In the basin itself the water never reached the mark at which cellars begin to flood. The landlord of the Anchor, "
        "who had carried forty barrels upstairs, said that he would now have to carry them down again and that he had never "
        "been so glad to do useless work.",
        "The gates were planned after the flood of 1997, when three houses were lost, and were opened last autumn, four "
        "years late and at nearly twice the first price. Critics on the council had called them a monument to caution.",
        "One of them, councillor Piet Oram, said on Friday that he stood by his doubts about the cost but not about the "
        'steel. "Last night I slept in my own bed, which is below the old high-water mark," he said. "I have no further '
        'questions about whether they work."',
        "Engineers will inspect the hinges at low water this weekend. A pump on the eastern side stopped twice during the "
        "night for reasons that are not yet known, and a diver saw scratches on the sill that will have to be explained.",
        "The weather office expects calmer days from Sunday. The next tide of the same height is due in late September, and "
        "by then, the harbour master said, the pump will have been taken apart to the last screw.",
    ),
    "Marit Holloway",
    "Harbour",
)

REPAIRS_APPROVED = Story(
    "/2021/03/09/council-approves-repairs-to-storm-gates-after-winter-inspection-h20417",
    "Council Approves Repairs to Storm Gates After Winter Inspection",
    "2021-03-09T19:30:00+00:00",
    (
        "Saltmere council voted on Tuesday to spend 340,000 crowns on repairs to the new storm gates, two days before they "
        "may be needed in earnest for the first time.",
        "The money will pay for a new bearing in the western leaf, for stronger cables, and for a second control room on "
        "higher ground. Thirteen councillors voted in favour, six against, and two left the hall before the count.",
        "A winter inspection had found wear in the bearing that nobody expected so soon after the opening. The report, which "
        "the Gazette has read, speaks of sand in a seal that was fitted the wrong way round.",
        '"It is a small part and a small mistake," said the borough engineer, Tomas Lindqvist, who presented the report. '
        '"But the gate turns on that small part, and so we change it."',
        "The builder has agreed to pay for the seal but not for the bearing, which it says was damaged by use. The council "
        "will ask an independent surveyor to settle the question and has kept back the last instalment of the price.",
        "Opponents of the plan said that the cost of the gates was rising faster than the sea. Councillor Piet Oram asked "
        "for a list of all that had been spent since the first drawing, and was promised one before Easter.",
        "Residents filled the public seats and spilled into the corridor. Several brought photographs of the flood of 1997; "
        "one woman held up the brass number of a house that no longer stands and said nothing until the vote was over.",
        "The gates can be worked safely until the new bearing arrives, the engineer said, provided that they are moved "
        "slowly and greased before each closing. A crew has slept in the pilot house since the weekend in case they are called.",
        "The weather office has warned of a northerly gale on Thursday evening, at the time of the highest tide of the "
        "spring. The harbour master will decide in the afternoon whether to close.",
        "Work on the western leaf is to begin in May, after the herring fleet has left, and should take three weeks. During "
        "that time one half of the harbour mouth will stay open, and the fleet's late-comers will have to wait for the tide.",
    ),
    "Jonas Prewitt",
    "Harbour",
)

NIGHT_FERRY = Story(
    "/2026/10/02/night-ferry-returns-to-the-outer-islands-after-three-winters-h41208",
    "Night Ferry Returns to the Outer Islands After Three Winters",
    "2026-10-02T06:00:00+00:00",
    (
        "The night ferry to the outer islands sailed again on Thursday, three winters after it was withdrawn, with ninety "
        "passengers, two calves and a piano on board.",
        "The Brent Goose left Saltmere at 9.15 p.m. and tied up at Far Skerry at half past three in the morning, twelve "
        "minutes early. A dozen islanders had stayed up to catch her lines, and somebody had painted a bed sheet with the "
        "word FINALLY.",
        "The line was closed when its old ship failed an inspection and no yard would quote for the repair. Since then the "
        "islands have been served by a day boat that cannot sail in more than a fresh breeze, and that stayed in port on "
        "one day in four last winter.",
        '"People think of an island as a place with water round it," said Ragna Foss, who teaches at Far Skerry. "For three '
        'winters it has been a place with cancellations round it."',
        "The new service is paid for jointly by the region, the islands' own trust, and a levy on the salmon farms, whose "
        "owners had complained that fish cannot wait for the weather. It is guaranteed for eight years.",
        "The ship was built as a supply vessel and has been converted at Saltmere by a yard that employed sixty people on "
        "the work. She has forty berths, a kitchen that opens at four in the morning, and a car deck that takes two lorries.",
        "Captain Ines Aldous said that the crossing had been quiet apart from the piano, which turned out to be on wheels. "
        "It is meant for the island school, which reopened in August.",
        "Fares are lower than they were on the old ship, and islanders pay half. The operator expects to lose money in the "
        "first two winters and to break even in the third, provided that visitors come in spring and autumn as well.",
        "Not everybody is content. The owners of the three guest houses in Saltmere's harbour quarter fear that travellers "
        "will now sleep at sea, and the pilots' union says that the timetable leaves too little rest in bad weeks.",
        "The ferry sails on Tuesdays, Thursdays and Saturdays until the end of March. In a storm she will leave when the "
        "captain says so, the operator promised, and not when the timetable does.",
    ),
    "Marit Holloway",
    "Islands",
)

ISLAND_SCHOOL = Story(
    "/2026/08/24/island-school-reopens-with-eleven-pupils-and-a-borrowed-bell-h40877",
    "Island School Reopens With Eleven Pupils and a Borrowed Bell",
    "2026-08-24T12:00:00+00:00",
    (
        "Eleven children walked up the hill at Far Skerry on Monday morning to a school that had been closed for nine years, "
        "called by a bell that was borrowed from the lifeboat station.",
        "The island's last pupils had been sent to board on the mainland when their number fell to three. Since then five "
        "families have moved to the island, drawn by work on the salmon farms and by houses that the trust lets at low rent.",
        "Ragna Foss, who was herself a pupil here, teaches all eleven in one room. The youngest is five and brought her own "
        "chair; the eldest is twelve and has been put in charge of the weather station on the roof.",
        '"You cannot teach the way you would with thirty children of one age," she said. "Here the big ones explain it to '
        'the small ones, and then they notice whether they have understood it."',
        "The building needed a new roof, a boiler and a teacher's house. The region paid for the roof; for the rest the "
        "islanders held a sale of work every month for two years and wrote to everybody who had ever carved a name in a desk.",
        "More than sixty of them answered, some from very far away. One sent a cheque with the remark that it was for the "
        "window of 1961, and that his brother had been blamed for it wrongly.",
        "Music lessons will begin when the piano arrives, which depends on the ferry. Until then the children have a "
        "squeeze-box, two tin whistles and the bell, which has to go back when the lifeboat station is painted.",
        "The school is safe for at least five years under an agreement with the region, however many pupils there are. By "
        "the trust's count there will be fourteen next summer, and the caretaker has already ordered more hooks for coats.",
    ),
    "Jonas Prewitt",
    "Islands",
)

LOGBOOKS = Story(
    "/2026/07/11/lighthouse-keepers-logbooks-go-online-after-a-century-in-a-biscuit-tin-h40519",
    "Lighthouse Keepers' Logbooks Go Online After a Century in a Biscuit Tin",
    "2026-07-11T09:00:00+00:00",
    (
        "Forty-two years of weather, ships and small quarrels can be read on the web from today: the logbooks of the "
        "lighthouse on Gull Stack, which a family kept in a biscuit tin for more than a century.",
        "The keepers wrote in them every four hours from 1879 to 1921. They noted wind and swell, the oil burnt, the ships "
        "that passed and the birds that struck the lantern, and, when nothing else had happened, each other's cooking.",
        "Volunteers of the Saltmere history society photographed 11,000 pages and copied out every word. It took them three "
        "winters, in part because the second keeper wrote with a pen that he had, by his own account, sat upon.",
        '"After a while you know these men," said Hedda Quill, who led the work. "You know that when Tregarth writes about '
        'the soup, he is angry about something else."',
        "The books are of use beyond the story. Scientists at the weather office have taken the readings into their tables, "
        "where they fill a gap of two decades on this coast, and have found a storm that was in no other record.",
        "The last entry is of 3 November 1921 and in a hand that does not appear before. It says that the lamp was put out "
        "at dawn, that the new one on the mainland had been seen to burn, and that the cat had been taken off first.",
        "Everything can be searched by date, ship and word. The originals have been given to the town archive, which will "
        "show four of them at a time; the tin, with a picture of a steam engine on its lid, stays with the family.",
    ),
    "Ola Brandreth",
    "Islands",
)

CABLE_LANDS = Story(
    "/2022/09/05/wind-power-cable-comes-ashore-at-northlight-beach-before-autumn-storms-7731",
    "Wind Power Cable Comes Ashore at Northlight Beach Before Autumn Storms",
    "2022-09-05T16:45:00+00:00",
    (
        "The first of three power cables from the Dogger Ledge wind farm was pulled ashore at Northlight beach on Sunday, a "
        "week ahead of the autumn storms and in front of a crowd that had brought folding chairs.",
        "A winch behind the dunes drew the cable, as thick as a man's thigh, through a tunnel drilled under the bathing "
        "beach. It took nine hours to bring in the last 800 metres. The end arrived at dusk and was greeted with car horns.",
        "When all three cables work, in the summer of next year, they will carry enough power for some 400,000 homes. The "
        "converter station that receives it is being built inland, behind a bank of earth that is to be planted with thorn.",
        "The landing had been put off twice. In spring the drill struck a bed of boulders that no survey had shown, and in "
        "June the cable ship was called away to mend a telephone line further north.",
        '"The sea gives you perhaps ten weeks in the year for this," said Sunniva Hale, who directs the work on the beach. '
        '"We had used eight of them, so I did not sleep much in August."',
        "Fishermen watched with mixed feelings. The cable lies in a trench two metres deep, over which they may trawl again, "
        "but while it is being dug they have lost a third of their grounds and have been paid by the day to stay in port.",
        "The town for its part was promised a new sea wall and has got half of it. The other half will follow when the "
        "second cable has been landed, the company says; the mayor says that he has it in writing and reads it often.",
        "Bathers were back in the water on Monday morning. Nothing is to be seen on the sand except the track of a digger, "
        "and the next high tide will take care of that. A steel plate in the dune marks the spot where the tunnel ends.",
        "The ship will return at the end of April with the second cable. Until then the hole behind the dunes is closed with "
        "a lid on which somebody has already painted a chessboard, and on fine evenings there is a queue for it.",
    ),
    "Sten Okafor",
    "Energy",
)

GONE_URL = WEEKLY.home + "/2018/06/quay-market-traders-win-a-year-of-grace-on-rents-5520"

# The rest of the Gazette's index in the weeks around the storm: (day of March 2021, title)
OTHER_TITLES = (
    (1, "Harbour Master Warns of Early Spring Tides"),
    (2, "Herring Fleet Delays Departure After Engine Trouble"),
    (3, "Council to Vote on Fish Market Roof"),
    (4, "Storm Warning Lifted After Quiet Night"),
    (5, "Gates of Old Customs House to Be Restored"),
    (6, "Rowing Club Wins Regional Cup"),
    (8, "Winter Inspection Finds Cracks in North Pier"),
    (8, "Council Approves New Timetable for Island Boats"),
    (9, "Storm Gates Crew Sleeps in Pilot House"),
    (10, "Council Postpones Repairs to Swimming Baths After Inspection"),
    (10, "School Band to Play in Sports Hall"),
    (11, "Residents Behind Fish Market Asked to Leave Before Tide"),
    (11, "How the Storm Gates Work, in Six Drawings"),
    (12, "In Pictures: The Night the Tide Came"),
    (13, "Volunteers Served Nine Hundred Bowls of Soup"),
    (14, "Divers Find Scratches on Sill of Storm Gates"),
    (15, "Council Orders Report on Pump That Stopped Twice"),
    (16, "Landlord Carries Forty Barrels Down Again"),
    (17, "After the Storm, a Question of Cost"),
    (18, "Rowing Club Asks for Help With Lost Pontoon"),
    (19, "Spring Market Opens on Old Quay"),
    (19, "Repairs to Storm Gates to Begin in May, Engineer Says"),
    (22, "Surveyor Named in Dispute Over Gate Bearing"),
    (24, "Pilot House to Be Painted White Again"),
    (26, "Herring Prices Fall to Ten-Year Low"),
    (29, "Council Publishes List of What the Gates Have Cost"),
)
