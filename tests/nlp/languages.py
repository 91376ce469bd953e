"""Two short texts in each of some languages, written for these tests; all of it is fiction."""

TEXTS = {
    "en": [
        "The council decided on Monday that the bridge will be closed. Nobody knows who is going to pay for it.",
        "She said they had not been told about the plan before it was printed, and that was all.",
    ],
    "de": [
        "Der Rat hat am Montag beschlossen, dass die Brücke geschlossen wird. Niemand weiß, wer das bezahlen soll.",
        "Sie sagte, man habe ihr nichts von dem Plan erzählt, bevor er gedruckt wurde, und das sei alles.",
    ],
    "fr": [
        "Le conseil a décidé lundi que le pont sera fermé. Personne ne sait qui va payer pour cela.",
        "Elle a dit qu’on ne leur avait pas parlé du plan avant qu’il soit imprimé, et que c’était tout.",
    ],
    "es": [
        "El consejo decidió el lunes que el puente será cerrado. Nadie sabe quién va a pagar por todo esto.",
        "Ella dijo que no les habían hablado del plan antes de que se imprimiera, y que eso era todo.",
    ],
    "pt": [
        "O conselho decidiu na segunda que a ponte será fechada. Ninguém sabe quem vai pagar por isso tudo.",
        "Ela disse que não lhes tinham falado do plano antes de ele ser impresso, e que isso era tudo.",
    ],
    "it": [
        "Il consiglio ha deciso lunedì che il ponte sarà chiuso. Nessuno sa chi dovrà pagare per tutto questo.",
        "Ha detto che non avevano parlato loro del piano prima che fosse stampato, e che questo era tutto.",
    ],
    "nl": [
        "De raad heeft maandag besloten dat de brug wordt gesloten. Niemand weet wie dat gaat betalen.",
        "Ze zei dat er niets over het plan was verteld voordat het werd gedrukt, en dat was alles.",
    ],
    "sv": [
        "Rådet beslutade i måndags att bron ska stängas. Ingen vet vem som kommer att betala för det.",
        "Hon sade att de inte hade hört något om planen innan den trycktes, och att det var allt.",
    ],
    "fi": [
        "Neuvosto päätti maanantaina, että silta suljetaan. Kukaan ei tiedä, kuka sen tulee maksamaan.",
        "Hän sanoi, että heille ei ollut kerrottu mitään ennen kuin se oli painettu, ja että siinä oli kaikki.",
    ],
    "pl": [
        "Rada zdecydowała w poniedziałek, że most zostanie zamknięty. Nikt nie wie, kto za to wszystko zapłaci.",
        "Powiedziała, że nic im nie mówiono o planie, zanim został wydrukowany, i że to było wszystko.",
    ],
    "hu": [
        "A tanács hétfőn úgy döntött, hogy a hidat lezárják. Senki sem tudja, hogy ki fogja ezt az egészet fizetni.",
        "Azt mondta, hogy nem szóltak nekik a tervről, mielőtt az megjelent volna, és hogy ez volt minden.",
    ],
    "ro": [
        "Consiliul a decis luni că podul va fi închis. Nimeni nu știe cine o să plătească pentru toate acestea.",
        "Ea a spus că nu li s-a vorbit despre plan înainte de a fi tipărit, și că asta era tot.",
    ],
    "tr": [
        "Meclis pazartesi günü köprünün kapatılmasına karar verdi. Bunun için kimin ödeyeceğini hiç kimse bilmiyor.",
        "Plan basılmadan önce kendilerine bu konuda hiçbir şey söylenmediğini ve hepsinin bu kadar olduğunu söyledi.",
    ],
    "ru": [
        "Совет решил в понедельник, что мост будет закрыт. Никто не знает, кто за всё это будет платить.",
        "Она сказала, что им ничего не говорили о плане, пока он не был напечатан, и что это было всё.",
    ],
    "uk": [
        "Рада вирішила в понеділок, що міст буде закрито. Ніхто не знає, хто за все це буде платити.",
        "Вона сказала, що їм нічого не говорили про план, поки його не було надруковано, і що це було все.",
    ],
    "ar": [
        "قرر المجلس يوم الاثنين أن الجسر سوف يغلق. لا أحد يعرف من هو الذي سيدفع كل هذا المال في هذه المدينة.",
        "قالت إن أحدا لم يخبرهم عن الخطة قبل أن تطبع، وإن هذا كان كل ما في الأمر، ولكن لم يكن لديها دليل على ذلك.",
    ],
    "he": ["המועצה החליטה ביום שני שהגשר ייסגר. אף אחד לא יודע מי ישלם על כל זה."],
    "el": ["Το συμβούλιο αποφάσισε τη Δευτέρα ότι η γέφυρα θα κλείσει. Κανείς δεν ξέρει ποιος θα πληρώσει."],
    "ja": ["評議会は月曜日に橋を閉鎖することを決めた。誰がその費用を払うのかは分からない。"],
    "zh": ["市议会星期一决定关闭这座桥。没有人知道谁来支付这笔费用。"],
    "ko": ["의회는 월요일에 다리를 폐쇄하기로 결정했다. 누가 그 비용을 낼지는 아무도 모른다."],
}
