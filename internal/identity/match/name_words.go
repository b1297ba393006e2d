package match

import "strings"

// set is the words of a list.
func set(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

// pairs maps each word of a list of lines to the first word of its line.
func pairs(lines string) map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(lines) {
		words := strings.Fields(line)
		for _, w := range words {
			m[w] = words[0]
		}
	}
	return m
}

// titles stand before a name. The first of the two lists are names of nobody.
var (
	plainTitles = set(`mr mrs ms mx dr prof herr frau mme mlle monsieur madame mademoiselle signor signora senor senora senorita sra srta`)
	titles      = set(`mr mrs ms mx dr prof herr frau mme mlle monsieur madame mademoiselle signor signora senor senora senorita sra srta
	miss mister master messrs doctor professor rev reverend hon honorable sir dame lord lady
	capt captain cpt col colonel gen lt ltcol sgt maj major cmdr cpl pvt rabbi imam sheikh fr father brother sister pastor
	sr dona fraulein hr fru sig dott dottssa dra shri smt kumari haji hajji datuk tun ing dipling mag dhr mevr mw`)
)

// generations tell people of one name in one family apart.
var generations = pairs(`jr jnr junior
	sr snr senior
	ii 2nd
	iii 3rd
	iv 4th
	vi 6th`)

// degrees are letters after a name that say nothing about who somebody is.
var degrees = set(`md phd esq esquire dds dmd dvm cpa jd mba llb llm pe rn rph psyd edd msc bsc dphil frcs obe mbe cbe kbe kcb cfa cfp usn usa usaf usmc ret retired`)

// particles belong to the surname that follows.
var particles = set(`de da do dos das del dela della dello degli delle di du la le las los lo van von vom der den des ter ten zu zur zum
	bin ibn bint abu al el ul ur af av st san santa`)

// registrations are parts of words that say that one may be in registered, to look
// no further in a name that has none.
var registrations = []string{"jt", "jtwros", "joint", "pod", "tod", "itf", "fbo", "ttee", "trustee", "custodian", "utma", "ugma", "cust", "tenants", "beneficiary"}

// registered are the words after which a bank's name says how an account is held
// and for whom, no longer who holds it.
var registered = set(`jtwros jt jtten joint pod tod itf fbo ttee trustee custodian cust utma ugma tenants beneficiary`)

// legalForms are the legal forms of companies: each way of writing, and the form.
var legalForms = pairs(`inc incorporated incorp
	corp corporation corpn
	co company compagnie
	llc
	ltd limited ltda limitada
	llp
	lllp
	lp
	pllc
	pc
	pa
	plc
	pty
	gmbh
	ag aktiengesellschaft
	kg
	ohg
	ug
	ev
	eg
	se
	sa
	sas
	sarl
	sasu
	eurl
	sci
	scop
	snc
	spa
	srl srls
	sl slu
	sapi
	cv
	bv
	nv
	vof
	bvba
	ab
	hb
	oy
	oyj
	asa
	as
	aps
	ivs
	kft
	zrt
	spzoo
	sro
	doo
	ood
	eood
	ooo
	oao
	pao
	zao
	kk
	gk
	pvt
	bhd
	sdn
	jsc
	pjsc
	ulc
	lda`)

// plainForms are those that no name of a person ends with, wherever they stand.
var plainForms = set(`inc incorporated incorp corp corporation corpn company llc ltd limited ltda limitada llp lllp pllc plc gmbh aktiengesellschaft
	sarl srl eurl bvba spzoo sdn bhd`)

// surnameForms are surnames too. They are legal forms where a full stop shows that
// they are an abbreviation, or where the name is a company's anyhow.
var surnameForms = set(`sa co se as pa sl ev eg`)

// businessWords say that a name is that of a business, without being a legal form.
var businessWords = set(`enterprises enterprise holdings holding associates services solutions consulting consultants partners partnership properties ventures
	industries foundation restaurant plumbing construction contracting landscaping logistics technologies systems trucking realty motors bakery
	agency institute university studios laboratories pharmacy clinic ministries club association cooperative trust investments capital`)

// generic are words of companies that tell two of them apart only poorly.
var generic = set(`the of and a group holdings holding services service company international intl usa us america american north worldwide global
	enterprises enterprise solutions associates partners industries systems technologies consulting`)

// companyWords are abbreviations in the names of companies.
var companyWords = pairs(`international intl int
	services service svc svcs serv
	manufacturing mfg
	associates associate assoc assocs
	brothers bros
	department dept
	management mgmt mgt
	technologies technology tech
	systems system sys
	enterprises enterprise ent
	national natl
	american amer
	development dev
	construction constr const
	properties property props
	distribution distr dist
	engineering eng engr
	insurance ins
	investments investment inv
	university univ
	center centre ctr
	hospital hosp
	medical med
	financial fin
	and &
	group grp
	holdings holding hldgs hldg
	laboratories laboratory labs lab
	products product prods prod
	industries industry inds ind
	transportation transport trans
	partners partner ptnrs
	solutions solution solns
	consulting consultants consultant
	electric elec electrical
	equipment equip
	government govt
	community comm`)
