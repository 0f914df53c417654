"""English comments."""

from regard.integrations.sample_company.words.cells import bank

BANK = bank(
    then={
        "bad": ("", "I expected better.", "Please sort this out.", "Disappointing.", "Not what I pay for."),
        "mixed": ("", "There is room for improvement.", "Not bad, not great.", "Maybe better next time."),
        "good": ("", "Thank you!", "I will be back.", "Keep it up.", "Already told my friends."),
    },
    first={
        ("late", "bad"): (
            "The parcel came days after the promised date and nobody told us.",
            "Promised for Tuesday, delivered the week after.",
            "Late again.",
            "I stayed at home all day for a delivery that did not come.",
        ),
        ("late", "mixed"): (
            "It came later than promised, but everything was in one piece.",
            "The goods are fine, the delivery date was not kept.",
            "A little late; at least somebody rang beforehand.",
            "I only heard about the delay when I asked.",
        ),
        ("late", "good"): (
            "A bit late, but the driver called ahead and was very kind.",
            "You apologised for the delay, and the goods are wonderful.",
            "A day's delay did not matter, everything arrived in perfect condition.",
            "It was late, but worth the wait.",
        ),
        ("delivery", "bad"): (
            "On time, but the box was crushed.",
            "The driver left the parcel out in the rain.",
            "The driver refused to carry it up the stairs.",
            "They left it with a neighbour and did not leave a note.",
        ),
        ("delivery", "mixed"): (
            "On time, but the packaging could be sturdier.",
            "The delivery was all right, though nobody could tell me the hour.",
            "Everything arrived, in a box three times too large.",
            "Fine, except that I could not choose the delivery slot I needed.",
        ),
        ("delivery", "good"): (
            "Delivered on the promised day and packed with care.",
            "Very quick delivery.",
            "The driver was polite and helped me carry the box inside.",
            "It came earlier than I expected.",
        ),
        ("goods", "bad"): (
            "The colour is nothing like the photograph.",
            "A part was missing.",
            "It broke within a week.",
            "The quality does not match the price.",
        ),
        ("goods", "mixed"): (
            "Decent, though I had hoped for better quality.",
            "It looks nice, but the instructions are hard to follow.",
            "The size is slightly different from what the site says.",
            "Average quality, good looks.",
        ),
        ("goods", "good"): (
            "Excellent quality.",
            "Exactly as in the picture.",
            "Beautiful, the whole family likes it.",
            "Solid and carefully made.",
        ),
        ("price", "bad"): (
            "Too expensive for what it is.",
            "I found the same thing elsewhere for less.",
            "The delivery charge only showed up at the last step.",
            "The discount code did not work and nobody could say why.",
        ),
        ("price", "mixed"): (
            "Good quality, but a little pricey.",
            "With the discount yes, without it I would hardly have bought it.",
            "The price is fair, the delivery charge is not.",
            "Prices are acceptable, special offers are rare.",
        ),
        ("price", "good"): (
            "Great value for money.",
            "Fair price and honest terms.",
            "I have not found anything better at this price.",
            "The discount was a real one.",
        ),
        ("shop", "bad"): (
            "A long queue and a single open till.",
            "Half of the shelves were empty.",
            "The staff did not know what they sell.",
            "It was hard to find anything in the shop.",
        ),
        ("shop", "mixed"): (
            "A large choice, but nobody there to give advice.",
            "A nice shop with too few parking spaces.",
            "Friendly service, slow queue.",
            "I found what I needed, after a long search.",
        ),
        ("shop", "good"): (
            "The shop assistant gave me excellent advice.",
            "A clean, pleasant shop with a large choice.",
            "Found everything straight away.",
            "Very friendly staff.",
        ),
        ("agent", "bad"): (
            "The agent did not understand my question.",
            "I was passed on three times.",
            "I was promised an answer that never came.",
            "They read from a script and solved nothing.",
        ),
        ("agent", "mixed"): (
            "Solved, but not at the first attempt.",
            "They were polite, but I have no final answer yet.",
            "The agent tried hard but could not see my order.",
            "An acceptable answer, if a very general one.",
        ),
        ("agent", "good"): (
            "The agent understood the problem at once and solved it.",
            "Very polite and competent.",
            "Everything was settled in a few minutes.",
            "They listened patiently and gave me a clear answer.",
        ),
        ("waiting", "bad"): (
            "Far too long on hold.",
            "Waiting that long for a simple question is not acceptable.",
            "By the time somebody answered, my lunch break was over.",
            "I listened to your music for ages.",
        ),
        ("waiting", "mixed"): (
            "The answer was good, the wait was too long.",
            "They helped in the end, after a very long wait.",
            "The agent was fine, the queue was not.",
            "Without the long wait I would be satisfied.",
        ),
        ("self_service", "bad"): (
            "I found nothing in the help pages.",
            "I searched four times and had to call in the end.",
            "The form lost everything that I had typed.",
            "It is not clear how to send something back.",
        ),
        ("self_service", "mixed"): (
            "I found the answer, but not straight away.",
            "The page is clear, the information is incomplete.",
            "The search works if you know the right word.",
            "Helpful, but far too long.",
        ),
        ("self_service", "good"): (
            "I had my answer within a minute.",
            "Everything is simple and clear.",
            "No need to call anybody.",
            "The step-by-step guide helped a lot.",
        ),
    },
)
