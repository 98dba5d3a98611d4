//! The words demo products are made of.

/// A category without subcategories, and what is sold in it.
pub(super) struct Shelf {
    /// Slug of the category.
    pub(super) category: &'static str,
    /// What it is called and what one would say of it.
    pub(super) things: [(&'static str, &'static str); 5],
    /// What tells variants apart.
    pub(super) option: &'static str,
    /// The values of the option, one per variant.
    pub(super) choices: [&'static str; 4],
    /// The lowest price in whole rupiah.
    pub(super) price_from: i64,
    /// Weight of one in grams.
    pub(super) weight_grams: i64,
}

/// Slug, name, and slug of the parent, parents first.
pub(super) const CATEGORIES: [(&str, &str, Option<&str>); 20] = [
    ("home-living", "Home & Living", None),
    ("fashion", "Fashion", None),
    ("electronics", "Electronics", None),
    ("kitchen", "Kitchen", Some("home-living")),
    ("bedroom", "Bedroom", Some("home-living")),
    ("women", "Women", Some("fashion")),
    ("men", "Men", Some("fashion")),
    ("audio", "Audio", Some("electronics")),
    ("computing", "Computing", Some("electronics")),
    ("cookware", "Cookware", Some("kitchen")),
    ("tableware", "Tableware", Some("kitchen")),
    ("bedding", "Bedding", Some("bedroom")),
    ("lighting", "Lighting", Some("bedroom")),
    ("dresses", "Dresses", Some("women")),
    ("batik-blouses", "Batik Blouses", Some("women")),
    ("shirts", "Shirts", Some("men")),
    ("sarongs", "Sarongs", Some("men")),
    ("headphones", "Headphones", Some("audio")),
    ("speakers", "Speakers", Some("audio")),
    ("keyboards", "Keyboards", Some("computing")),
];

const COLORS: [&str; 4] = ["Indigo", "Terracotta", "Ivory", "Charcoal"];
const SIZES: [&str; 4] = ["S", "M", "L", "XL"];

/// The lowest level of the tree.
pub(super) const SHELVES: [Shelf; 11] = [
    Shelf {
        category: "cookware",
        things: [
            ("Wok", "heats fast and evenly over any flame"),
            ("Stew Pot", "keeps a slow rendang at a gentle simmer"),
            ("Frying Pan", "lets an omelet slide off without oil"),
            ("Rice Steamer", "gives fluffy rice for a family of six"),
            ("Saucepan", "pours without a drip from either side"),
        ],
        option: "color",
        choices: COLORS,
        price_from: 95_000,
        weight_grams: 1_400,
    },
    Shelf {
        category: "tableware",
        things: [
            ("Tea Set", "serves four, with a pot that does not drip"),
            (
                "Dinner Plate",
                "has a rim that keeps sauce where it belongs",
            ),
            ("Soup Bowl", "stays warm in the hand and cool at the lip"),
            ("Serving Tray", "carries breakfast for two up the stairs"),
            ("Coffee Mug", "holds a generous morning cup"),
        ],
        option: "color",
        choices: COLORS,
        price_from: 35_000,
        weight_grams: 450,
    },
    Shelf {
        category: "bedding",
        things: [
            ("Bed Sheet", "stays cool through warm nights"),
            ("Pillow Case", "closes with a hidden flap"),
            ("Duvet Cover", "is washed soft before you get it"),
            (
                "Blanket",
                "is light enough for a nap and warm enough for rain",
            ),
            ("Bolster", "keeps its shape for years"),
        ],
        option: "color",
        choices: COLORS,
        price_from: 60_000,
        weight_grams: 800,
    },
    Shelf {
        category: "lighting",
        things: [
            ("Table Lamp", "throws a warm circle on the page"),
            ("Floor Lamp", "bends to where you read"),
            ("Lantern", "glows for ten hours on one charge"),
            ("Pendant Light", "hangs low over a long table"),
            ("Night Light", "shows the way without waking anybody"),
        ],
        option: "color",
        choices: COLORS,
        price_from: 110_000,
        weight_grams: 1_100,
    },
    Shelf {
        category: "dresses",
        things: [
            ("Wrap Dress", "ties at the side and falls below the knee"),
            ("Summer Dress", "has pockets deep enough for a phone"),
            ("Maxi Dress", "moves with every step"),
            ("Shirt Dress", "works at the office and after it"),
            ("Kebaya Dress", "is cut for a celebration"),
        ],
        option: "size",
        choices: SIZES,
        price_from: 185_000,
        weight_grams: 350,
    },
    Shelf {
        category: "batik-blouses",
        things: [
            ("Parang Blouse", "is stamped by hand in Yogyakarta"),
            (
                "Kawung Blouse",
                "carries one of the oldest patterns of Java",
            ),
            ("Mega Mendung Blouse", "brings the clouds of Cirebon"),
            ("Sekar Jagad Blouse", "maps a world of flowers"),
            ("Truntum Blouse", "is strewn with little stars"),
        ],
        option: "size",
        choices: SIZES,
        price_from: 150_000,
        weight_grams: 220,
    },
    Shelf {
        category: "shirts",
        things: [
            ("Oxford Shirt", "keeps its collar without ironing"),
            ("Linen Shirt", "breathes in the midday heat"),
            ("Polo Shirt", "is knitted, not cut"),
            ("Flannel Shirt", "is brushed on both sides"),
            ("Work Shirt", "has seams sewn three times"),
        ],
        option: "size",
        choices: SIZES,
        price_from: 120_000,
        weight_grams: 280,
    },
    Shelf {
        category: "sarongs",
        things: [
            ("Woven Sarong", "is woven on a hand loom"),
            ("Prayer Sarong", "is soft from the first day"),
            ("Beach Sarong", "dries in the time of a coffee"),
            ("Ikat Sarong", "shows the dyed threads of Sumba"),
            ("Songket Sarong", "has gold in its weft"),
        ],
        option: "color",
        choices: COLORS,
        price_from: 75_000,
        weight_grams: 300,
    },
    Shelf {
        category: "headphones",
        things: [
            ("Over-Ear Headphones", "shut out a train at full speed"),
            ("On-Ear Headphones", "fold into a jacket pocket"),
            ("Earbuds", "stay in on a run"),
            ("Studio Headphones", "add nothing and leave nothing out"),
            ("Kids Headphones", "never get too loud"),
        ],
        option: "color",
        choices: COLORS,
        price_from: 240_000,
        weight_grams: 260,
    },
    Shelf {
        category: "speakers",
        things: [
            ("Bookshelf Speaker", "fills a room from a shelf"),
            ("Travel Speaker", "survives a fall and a shower"),
            ("Soundbar", "makes voices clear at low volume"),
            ("Party Speaker", "plays until the neighbors ask"),
            ("Desk Speaker", "takes no more room than a cup"),
        ],
        option: "color",
        choices: COLORS,
        price_from: 320_000,
        weight_grams: 1_900,
    },
    Shelf {
        category: "keyboards",
        things: [
            (
                "Mechanical Keyboard",
                "has switches you can change yourself",
            ),
            ("Travel Keyboard", "folds to the size of a phone"),
            ("Quiet Keyboard", "lets others sleep"),
            ("Split Keyboard", "keeps your wrists straight"),
            ("Number Pad", "adds what a laptop lacks"),
        ],
        option: "color",
        choices: COLORS,
        price_from: 210_000,
        weight_grams: 700,
    },
];

/// Adjective, and what it says of the product.
pub(super) const QUALITIES: [(&str, &str); 20] = [
    ("Classic", "A shape that has not needed a change in decades"),
    ("Handmade", "Made by hand in small numbers"),
    ("Modern", "Plain lines and nothing too much"),
    ("Rustic", "Honest material that shows where it came from"),
    ("Elegant", "For the days that matter"),
    ("Everyday", "Made to be used daily and washed often"),
    ("Premium", "The best material we could find"),
    ("Compact", "Small outside, large inside"),
    ("Light", "Half the weight you expect"),
    ("Sturdy", "Built to be handed on"),
    ("Vintage", "After a model from the sixties"),
    ("Minimal", "As little design as possible"),
    ("Artisan", "Signed by the workshop that made it"),
    ("Natural", "Free of anything that does not grow or melt"),
    ("Urban", "For small flats and full trains"),
    ("Island", "Inspired by long afternoons at the sea"),
    ("Heritage", "From a pattern kept for generations"),
    ("Pure", "One material and no coating"),
    ("Bright", "Cheers up any corner"),
    ("Original", "The one the others copy"),
];

/// The brands.
pub(super) const BRANDS: [&str; 25] = [
    "Anggrek",
    "Bahari",
    "Bambu & Co",
    "Cendana",
    "Dua Tangan",
    "Garuda Works",
    "Gaya Kota",
    "Jati Rumah",
    "Kala",
    "Kencana",
    "Langit",
    "Lestari",
    "Melati",
    "Merapi",
    "Nusa",
    "Ombak",
    "Padi",
    "Rimba",
    "Rasa",
    "Samudra",
    "Senja",
    "Sinar",
    "Tenun Timur",
    "Teratai",
    "Warna",
];
