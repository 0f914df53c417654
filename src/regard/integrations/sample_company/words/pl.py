"""Polish comments."""

from regard.integrations.sample_company.words.cells import bank

BANK = bank(
    then={
        "bad": (
            "",
            "Liczyliśmy na coś lepszego.",
            "Proszę coś z tym zrobić.",
            "Szkoda słów.",
            "Tak nie powinno być.",
        ),
        "mixed": (
            "",
            "Jest jeszcze co poprawić.",
            "Ani źle, ani świetnie.",
            "Może następnym razem będzie lepiej.",
        ),
        "good": ("", "Dziękuję!", "Na pewno wrócę.", "Tak trzymać.", "Polecam znajomym."),
    },
    first={
        ("late", "bad"): (
            "Paczka przyszła kilka dni po obiecanym terminie i nikt nas nie uprzedził.",
            "Miała być we wtorek, przyjechała tydzień później.",
            "Znowu opóźnienie.",
            "Cały dzień w domu, a dostawa nie dotarła.",
        ),
        ("late", "mixed"): (
            "Dotarło później, niż obiecano, ale wszystko było całe.",
            "Towar w porządku, termin dostawy niedotrzymany.",
            "Trochę po terminie, ale przynajmniej ktoś wcześniej zadzwonił.",
            "O opóźnieniu nikt mnie nie zawiadomił, trzeba było samemu zapytać.",
        ),
        ("late", "good"): (
            "Drobne opóźnienie, ale kurier zadzwonił i był bardzo miły.",
            "Przeprosili Państwo za opóźnienie, a towar jest wspaniały.",
            "Dzień zwłoki nie miał znaczenia, wszystko dotarło w idealnym stanie.",
            "Przyszło z opóźnieniem, ale warto było czekać.",
        ),
        ("delivery", "bad"): (
            "Na czas, ale pudełko było zgniecione.",
            "Kurier zostawił paczkę na deszczu.",
            "Kurier odmówił wniesienia paczki po schodach.",
            "Paczkę zostawiono u sąsiada bez żadnej informacji.",
        ),
        ("delivery", "mixed"): (
            "Na czas, ale opakowanie mogłoby być solidniejsze.",
            "Dostawa w porządku, choć nikt nie potrafił podać godziny.",
            "Wszystko dotarło, tylko pudełko trzy razy za duże.",
            "Dobrze, ale nie dało się wybrać pasującej mi godziny dostawy.",
        ),
        ("delivery", "good"): (
            "Dostarczono w obiecanym dniu, starannie zapakowane.",
            "Bardzo szybka dostawa.",
            "Kurier był uprzejmy i pomógł wnieść pudło do środka.",
            "Przyszło wcześniej, niż się spodziewaliśmy.",
        ),
        ("goods", "bad"): (
            "Kolor zupełnie inny niż na zdjęciu.",
            "Brakowało jednej części.",
            "Zepsuło się po tygodniu.",
            "Jakość nie odpowiada cenie.",
        ),
        ("goods", "mixed"): (
            "Niezłe, choć można było oczekiwać lepszej jakości.",
            "Ładnie wygląda, ale instrukcja jest niezrozumiała.",
            "Rozmiar trochę inny niż podany na stronie.",
            "Jakość przeciętna, wygląd dobry.",
        ),
        ("goods", "good"): (
            "Doskonała jakość.",
            "Dokładnie tak jak na zdjęciu.",
            "Piękne, podoba się całej rodzinie.",
            "Solidne i starannie wykonane.",
        ),
        ("price", "bad"): (
            "Za drogo jak na taką jakość.",
            "Gdzie indziej to samo jest tańsze.",
            "Koszt dostawy pokazał się dopiero w ostatnim kroku.",
            "Kod rabatowy nie zadziałał i nikt nie umiał powiedzieć dlaczego.",
        ),
        ("price", "mixed"): (
            "Dobra jakość, ale trochę drogo.",
            "Z rabatem tak, bez niego raczej nie.",
            "Cena uczciwa, koszt dostawy już nie.",
            "Ceny do przyjęcia, ale promocji mało.",
        ),
        ("price", "good"): (
            "Świetny stosunek jakości do ceny.",
            "Uczciwa cena i jasne warunki.",
            "W tej cenie trudno o coś lepszego.",
            "Rabat był naprawdę duży.",
        ),
        ("shop", "bad"): (
            "Długa kolejka i tylko jedna czynna kasa.",
            "Połowa półek była pusta.",
            "Obsługa nie znała asortymentu.",
            "Trudno było cokolwiek znaleźć w tym sklepie.",
        ),
        ("shop", "mixed"): (
            "Duży wybór, ale nie było nikogo, kto by doradził.",
            "Ładny sklep, za mało miejsc parkingowych.",
            "Obsługa miła, kolejka powolna.",
            "Udało się znaleźć to, co potrzebne, ale po długim szukaniu.",
        ),
        ("shop", "good"): (
            "Sprzedawczyni świetnie mi doradziła.",
            "Czysty, przyjemny sklep z dużym wyborem.",
            "Wszystko można od razu znaleźć.",
            "Bardzo miła obsługa.",
        ),
        ("agent", "bad"): (
            "Konsultant nie zrozumiał mojego pytania.",
            "Trzy razy przekierowano mnie do kogoś innego.",
            "Obiecano mi odpowiedź, której nigdy nie było.",
            "Gotowe formułki i żadnego rozwiązania.",
        ),
        ("agent", "mixed"): (
            "Sprawa załatwiona, ale nie za pierwszym razem.",
            "Uprzejmie, ale ostatecznej odpowiedzi wciąż nie mam.",
            "Konsultant się starał, ale nie widział mojego zamówienia.",
            "Odpowiedź do przyjęcia, choć bardzo ogólna.",
        ),
        ("agent", "good"): (
            "Konsultant od razu zrozumiał problem i go rozwiązał.",
            "Bardzo uprzejma i kompetentna obsługa.",
            "Wszystko załatwione w kilka minut.",
            "Wysłuchano mnie cierpliwie i dano jasną odpowiedź.",
        ),
        ("waiting", "bad"): (
            "Zdecydowanie za długie oczekiwanie na linii.",
            "Tyle czekania z prostym pytaniem to przesada.",
            "Zanim ktoś odebrał, skończyła mi się przerwa.",
            "Muzyki w słuchawce było bez końca.",
        ),
        ("waiting", "mixed"): (
            "Odpowiedź dobra, czekanie za długie.",
            "W końcu mi pomogli, ale po bardzo długim czekaniu.",
            "Konsultant w porządku, kolejka nie.",
            "Gdyby nie to długie czekanie, byłoby dobrze.",
        ),
        ("self_service", "bad"): (
            "Na stronach pomocy niczego nie da się znaleźć.",
            "Cztery razy to samo wyszukiwanie, a na koniec i tak trzeba było dzwonić.",
            "Formularz skasował wszystko, co było wpisane.",
            "Nie wiadomo, jak zwrócić towar.",
        ),
        ("self_service", "mixed"): (
            "Odpowiedź jest, ale trzeba jej poszukać.",
            "Strona przejrzysta, informacje niepełne.",
            "Wyszukiwarka działa, o ile zna się właściwe słowo.",
            "Przydatne, ale stanowczo za długie.",
        ),
        ("self_service", "good"): (
            "Odpowiedź znaleziona w minutę.",
            "Wszystko proste i zrozumiałe.",
            "Nie trzeba było nigdzie dzwonić.",
            "Instrukcja krok po kroku bardzo pomogła.",
        ),
    },
)
