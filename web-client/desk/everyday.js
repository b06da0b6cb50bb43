// Words that come up in ordinary talk, at home, at the doctor's, with children: poor ones to agree on, since the alarm would go off
// by chance. Of five letters or more; a shorter word is a poor one in any case. What differs from one of these by a slip is found
// with it, so that their plurals needn't stand here. By language of the talk, not of the screens.

const ENGLISH =
  "about above across actually afraid after afternoon again against agree almost alone already alright although always america among " +
  "animal another answer anybody anyone anything anyway apple appointment around asked asleep attention avoid awful beautiful because " +
  "become before begin beginning behind believe better between beyond birthday black blind bottle break breakfast bring broken brother " +
  "brought building business called cannot careful carry cause certain chair change charge charles check chicken child children choose " +
  "class clean clear close clothes coffee college comes coming company complete computer consider control could couldn't country couple " +
  "course court cousin cover dangerous daughter death didn't difference different difficult dinner doctor doesn't doing dollar doubt " +
  "dream dress drink drive during early easier either email enough especially evening every everybody everyone everything everywhere " +
  "exactly except excuse expect experience explain family father favourite feeling felt figure finally finish first floor follow food " +
  "force forget fortune found friday friend front funny future garden george getting girlfriend given glass going goodbye grandma great " +
  "greatest green group guess hands happen happened happy haven't having heard heart heavy hello helped herself himself holiday homework " +
  "honest hospital hours house however human hungry hurry hurting husband idea imagine immediately important impossible inside instead " +
  "intelligence internet involved isn't issue itself james kitchen known large later laugh learn least leave letter light listen little " +
  "lives living longer looked looking looks lovely lunch machine major makes making married matter maybe mean meeting merely message " +
  "might million minute missed moment monday money month morning mother mouth moving myself nature necessary needed needs neighbour " +
  "nervous never night nobody normal nothing notice number nurse office often okay online opinion order other outside paper parent " +
  "parents party people perfect perhaps person peter phone photo picture piece place please point police possible power present pretty " +
  "probably problem promise public question quick quiet quite ready really reason remain remember replied right robert running saturday " +
  "saying school second seems sense seven several shall share sheet shirt shoes should shower simple since single sister sleep slowly " +
  "small social society somebody someone something sometimes soon sorry sound space speak special speech spend staff stand start state " +
  "stay stephen still stomach stop stopped story straight strange street strong student stuff stupid suddenly sunday supper suppose " +
  "surprise sweet table taken talking teach teacher terrible thank thanks their themselves there these thing think thinking third thomas " +
  "those though thought thousand three throw thursday ticket times tired today together toilet tomorrow tonight touch towards train tried " +
  "trouble trust truth trying tuesday turned twelve twenty twice under understand unless until upset upstairs usually village violent " +
  "visit voice waiting walking wanted waste watch water wednesday weekend welcome whatever where whether which while white whole window " +
  "within without woman women wonder wonderful words working world worried worry worse worth would wouldn't write wrong years yesterday " +
  "young yourself";

const POLISH =
  "babcia bardziej bardzo blisko boję brata będzie będziesz chcesz chciał chciała chodzi chodź choroba chyba chłopak ciebie ciągle czasem " +
  "czasie czasu czego czekaj czemu cześć czyli często część człowiek córka dalej daleko dlaczego dlatego dobra dobranoc dobry dobrze " +
  "doktor domu dopiero drodze droga drugi drzwi dużo dziadek dzieci dziecko dziewczyna dzień dzisiaj dzięki dziękuję dzwoni dzwonić facet " +
  "gdzie godzina gorzej głowa herbata imię inaczej innego jakiś jeden jednak jedno jedzenie jestem jesteś jesteśmy jeszcze jeśli jeżeli " +
  "jutro kawałek każdy kiedy kilka klient kobieta kocham kolacja kolega koleżanka komputer koniec kościół która który których kuchnia " +
  "kupić lekarz lekcja lepiej letni ludzie mama mamusia matka miasto miejsce miesiąc mieszkam mieszkanie minuta między miłość mleko mocno " +
  "mogłem może możesz można musisz muszę myślę mówisz mówią mówić mąż młody nadzieja nagle najpierw naprawdę następny natychmiast nawet " +
  "nazywa niania nich niech niego niestety nigdy nikogo nocy nowego obiad obok oczywiście odpowiedź ojciec okno osoba otwórz pamiętam " +
  "pani panie pewno pieniądze pierwszy pisać piątek piękny pociąg poczekaj podczas podoba pogoda pokoju pokój polski pomoc pomocy " +
  "poniedziałek ponieważ potem potrzebuję powiedz powiedział powiedzieć powoli powód praca pracy prawda prawie prawo problem prosto " +
  "proszę przecież przed przepraszam przez przyjdź przyszedł pytanie później płacz rano razem robisz robić robota rodzice rodzina " +
  "rozumiem rzecz sama samochód schody serce siedzi siostra sklep sobie sobota spać spokojnie spokój sposób sprawa starszy stary strona " +
  "student swoją syna szkoła szpital szybko słowo słuchaj słucham takie telefon temat teraz tobie trochę trzeba twarz twoja twoje tydzień " +
  "tylko uważaj wczoraj wiadomość widać widzisz widzę wieczorem wieczór wiedzieć wiele wiesz więcej wolno wracam wreszcie wszyscy " +
  "wszystkie wszystko wtedy wtorek wujek wyjść wziąć właśnie zaczął zajęty zaraz zawsze zdrowie ziemia znaczy zobacz zostaw zostać został " +
  "łazienka łóżko środa świat święta żebym żona żołnierz życie";

/** Signs that many people put behind what they write. */
const SIGNS = "😀 😃 😂 🤣 😊 🙂 😉 😍 😘 😢 😭 😡 😞 😔 🙏 👍 👌 ❤ 💕 💔 🎉 🔥 🤷 🤔 👋 ☺";

/** @type {readonly string[]} */
export const EVERYDAY = `${ENGLISH} ${POLISH} ${SIGNS}`.split(" ");
