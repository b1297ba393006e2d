package match

import (
	"strings"
)

// letters are characters and how they are written in the letters a to z: Latin
// ones that Unicode does not take apart, and those of other scripts after the
// usual ways of passports and libraries.
var letters = table(
	// Latin.
	`ß ss ø o ł l đ d ð d þ th æ ae œ oe ı i ħ h ŋ n ĸ k ŧ t ə e ƒ f ɓ b ɗ d ƙ k ƴ y ŀ l`,
	// Cyrillic: Russian, Ukrainian, Belarusian, Bulgarian, Serbian, Macedonian,
	// Kazakh.
	`а a б b в v г g ґ g д d е e ё e є ie ж zh з z и i й i і i ї i к k л l м m н n о o п p р r с s т t у u ў u ф f
	 х kh ц ts ч ch ш sh щ shch ъ - ы y ь - э e ю iu я ia ђ dj ј j љ lj њ nj ћ c џ dz ѓ g ќ k ѕ dz ѝ i
	 ә a ғ g қ q ң n ө o ұ u ү u һ h`,
	// Greek.
	`α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o`,
	// Armenian.
	`ա a բ b գ g դ d ե e զ z է e ը y թ t ժ zh ի i լ l խ kh ծ ts կ k հ h ձ dz ղ gh ճ ch մ m յ y ն n շ sh ո o չ ch
	 պ p ջ j ռ r ս s վ v տ t ր r ց ts ւ v փ p ք k օ o ֆ f`,
	// Georgian.
	`ა a ბ b გ g დ d ე e ვ v ზ z თ t ი i კ k ლ l მ m ნ n ო o პ p ჟ zh რ r ს s ტ t უ u ფ p ქ k ღ gh ყ q შ sh ჩ ch
	 ც ts ძ dz წ ts ჭ ch ხ kh ჯ j ჰ h`,
	// Arabic and Persian: consonants.
	`ا a أ a إ a آ a ٱ a ب b ت t ث th ج j ح h خ kh د d ذ dh ر r ز z س s ش sh ص s ض d ط t ظ z ع a غ gh ف f ق q ك k
	 ک k ل l م m ن n ه h ة h و w ؤ w ي y ى y ی y ئ y ء - پ p چ ch ژ zh گ g`,
	// Hebrew: consonants.
	`א a ב b ג g ד d ה h ו v ז z ח ch ט t י y כ k ך k ל l מ m ם m נ n ן n ס s ע - פ p ף p צ ts ץ ts ק k ר r ש sh ת t`,
	// Japanese syllables.
	`あ a い i う u え e お o か ka き ki く ku け ke こ ko が ga ぎ gi ぐ gu げ ge ご go さ sa し shi す su せ se そ so
	 ざ za じ ji ず zu ぜ ze ぞ zo た ta ち chi つ tsu て te と to だ da ぢ ji づ zu で de ど do な na に ni ぬ nu ね ne の no
	 は ha ひ hi ふ fu へ he ほ ho ば ba び bi ぶ bu べ be ぼ bo ぱ pa ぴ pi ぷ pu ぺ pe ぽ po ま ma み mi む mu め me も mo
	 や ya ゆ yu よ yo ら ra り ri る ru れ re ろ ro わ wa を o ん n っ - ゃ ya ゅ yu ょ yo ぁ a ぃ i ぅ u ぇ e ぉ o ゔ vu
	 ア a イ i ウ u エ e オ o カ ka キ ki ク ku ケ ke コ ko ガ ga ギ gi グ gu ゲ ge ゴ go サ sa シ shi ス su セ se ソ so
	 ザ za ジ ji ズ zu ゼ ze ゾ zo タ ta チ chi ツ tsu テ te ト to ダ da ヂ ji ヅ zu デ de ド do ナ na ニ ni ヌ nu ネ ne ノ no
	 ハ ha ヒ hi フ fu ヘ he ホ ho バ ba ビ bi ブ bu ベ be ボ bo パ pa ピ pi プ pu ペ pe ポ po マ ma ミ mi ム mu メ me モ mo
	 ヤ ya ユ yu ヨ yo ラ ra リ ri ル ru レ re ロ ro ワ wa ヲ o ン n ッ - ャ ya ュ yu ョ yo ァ a ィ i ゥ u ェ e ォ o ヴ vu ー -`,
)

// table reads pairs of a character and its letters; "-" stands for none.
func table(lists ...string) map[rune]string {
	m := map[rune]string{}
	for _, list := range lists {
		words := strings.Fields(list)
		for i := 0; i+1 < len(words); i += 2 {
			latin := words[i+1]
			if latin == "-" {
				latin = ""
			}
			m[[]rune(words[i])[0]] = latin
		}
	}
	return m
}

// The sounds of a Hangul syllable, in the order in which Unicode counts them
// (Revised Romanization).
var (
	hangulFirst  = strings.Split("g kk n d tt r m b pp s ss  j jj ch k t p h", " ")
	hangulMiddle = strings.Split("a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i", " ")
	hangulLast   = strings.Split(" k kk ks n nj nh t l lk lm lb ls lt lp lh m p ps t t ng t t k t p t", " ")
)

// koreanSurnames are written by their bearers in ways that no rule gives.
var koreanSurnames = table(`김 kim 이 lee 박 park 최 choi 정 jung 강 kang 조 cho 윤 yoon 장 jang 임 lim 한 han 오 oh 서 seo 신 shin
	권 kwon 황 hwang 안 ahn 송 song 류 ryu 전 jeon 홍 hong 고 ko 문 moon 양 yang 손 son 배 bae 백 baek 허 heo 유 yoo 남 nam 심 shim 노 noh 하 ha 곽 kwak`)

// writeKorean writes a Korean name: the first syllable of a word of two to four is
// a surname if it is one that many have.
func writeKorean(b *strings.Builder, syllables []rune) {
	surname, ok := koreanSurnames[syllables[0]]
	if ok && len(syllables) <= 4 {
		b.WriteString(surname)
		if len(syllables) > 1 {
			b.WriteByte(' ')
		}
		syllables = syllables[1:]
	}
	for _, r := range syllables {
		writeHangul(b, r)
	}
}

// writeHangul takes a Korean syllable apart.
func writeHangul(b *strings.Builder, r rune) {
	const first, last = 0xac00, 0xd7a3
	if r < first || r > last {
		b.WriteRune(r)
		return
	}
	n := int(r - first)
	b.WriteString(hangulFirst[n/588])
	b.WriteString(hangulMiddle[n%588/28])
	b.WriteString(hangulLast[n%28])
}

// roman is the key by which a word that came from another script is compared with
// one that somebody wrote in Latin letters: the ways of writing differ in little
// else than these (Dmitrii, Dmitriy, Dmitry; Tchaikovsky, Chaikovskii).
func roman(s string) string {
	s = romanParts.Replace(s)
	return strings.TrimRight(romanEnds.Replace(collapse(s)), "i")
}

var (
	romanParts = strings.NewReplacer("tch", "c", "tsch", "c", "shch", "s", "sch", "s", "ch", "c", "sh", "s", "zh", "z", "kh", "h", "ph", "f",
		"th", "t", "ck", "k", "dj", "j", "dz", "z", "ts", "c", "tz", "c", "x", "ks", "q", "k", "w", "v", "y", "i", "j", "i", "yo", "e", "jo", "e", "oy", "u")
	romanEnds = strings.NewReplacer("ii", "i", "iu", "u", "ia", "a", "ie", "e", "io", "o", "ou", "u", "oo", "u", "eo", "u", "eu", "u", "ee", "i")
)

// skeleton leaves the consonants, as Arabic and Hebrew write names. The half
// vowels count only where such a script writes them long.
func skeleton(s string) string {
	var b strings.Builder
	for i, r := range roman(s) {
		switch r {
		case 'a', 'e', 'i', 'o', 'u', 'v', 'h':
			if i > 0 {
				continue
			}
			if r != 'v' && r != 'h' {
				r = 'a'
			}
		}
		b.WriteRune(r)
	}
	return collapse(b.String())
}

// collapse writes doubled letters once.
func collapse(s string) string {
	var b strings.Builder
	last := rune(-1)
	for _, r := range s {
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}
