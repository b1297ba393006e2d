package match

// streetTypes are the types of streets, each after its short form: those of the
// United States Postal Service (Publication 28) and the common ones of Europe and
// Latin America.
var streetTypes = pairs(`aly alley allee
	anx annex
	arc arcade
	ave avenue av aven avn
	bch beach
	bnd bend
	blf bluff
	blvd boulevard boul boulv bd
	br branch
	brg bridge
	brk brook
	byp bypass
	cswy causeway
	ctr center centre cent
	cir circle circ crcl
	clf cliff
	clb club
	cmn common
	cor corner corners
	ct court crt
	cv cove
	crk creek
	cres crescent
	xing crossing
	xrd crossroad
	dl dale
	dv divide
	dr drive driv drv
	est estate estates
	expy expressway
	ext extension
	fls falls
	fry ferry
	fld field flds fields
	flt flat flats
	frd ford
	frst forest
	frg forge
	frk fork
	fwy freeway
	gdn garden gardens gdns grdns
	gtwy gateway
	gln glen
	grn green
	grv grove
	hbr harbor harbour
	hvn haven
	hts heights
	hwy highway hiway
	hl hill hls hills
	holw hollow
	inlt inlet
	is island isle
	jct junction
	ky key
	knl knoll
	lk lake
	lndg landing
	ln lane
	lgt light
	loop
	mall
	mnr manor
	mdw meadow mdws meadows
	mews
	ml mill mls mills
	mtwy motorway
	mtn mountain
	nck neck
	orch orchard
	oval
	park parks
	pkwy parkway pky parkwy
	pass
	path
	pike
	pne pine pnes pines
	pl place
	pln plain plns plains
	plz plaza
	pt point
	prt port
	pr prairie
	rnch ranch
	rdg ridge
	riv river
	rd road
	rte route
	row
	run
	shr shore shrs shores
	spg spring spgs springs
	sq square
	sta station
	strm stream
	st street str strt
	smt summit
	ter terrace terr
	trce trace
	trl trail trls
	tunl tunnel
	tpke turnpike
	un union
	vly valley
	vw view
	vlg village
	vis vista
	walk
	way wy
	wharf
	wl well wls wells
	rue
	chemin chem
	impasse imp
	quai
	calle cl
	avenida avda avd
	paseo
	plaza
	carrera cra
	camino
	via
	viale vle
	corso
	piazza pza
	rua
	travessa
	strasse
	platz
	weg
	gasse
	straat
	laan
	plein
	gracht`)

// directions are the points of the compass, each after its short form.
var directions = pairs(`n north no
	s south so
	e east
	w west
	ne northeast
	nw northwest
	se southeast
	sw southwest`)

// units are the words before the number of a part of a building.
var units = set(`apt apartment apto appt unit ste suite rm room fl floor bldg building lot spc space trlr trailer dept department hngr hangar
	key pier slip stop flat wohnung whg piso puerta interno int etage stock pmb # no ofc office blk block tower twr wing level lvl box`)

// wholeUnits are parts of a building without a number.
var wholeUnits = set(`bsmt basement frnt front lbby lobby lowr lower upper uppr rear side ph penthouse`)

// streetWords are other words of street names, each after its short form.
var streetWords = pairs(`st saint sainte
	mt mount
	ft fort
	dr doctor
	mlk martinlutherking
	cr co county
	1st first
	2nd second
	3rd third
	4th fourth
	5th fifth
	6th sixth
	7th seventh
	8th eighth
	9th ninth
	10th tenth
	11th eleventh
	12th twelfth`)

// regionCodes are the states of the United States and the provinces of Canada,
// without spaces, by their codes.
var regionCodes = pairs(`al alabama
	ak alaska
	az arizona
	ar arkansas
	ca california
	co colorado
	ct connecticut
	de delaware
	dc districtofcolumbia washingtondc
	fl florida
	ga georgia
	hi hawaii
	id idaho
	il illinois
	in indiana
	ia iowa
	ks kansas
	ky kentucky
	la louisiana
	me maine
	md maryland
	ma massachusetts
	mi michigan
	mn minnesota
	ms mississippi
	mo missouri
	mt montana
	ne nebraska
	nv nevada
	nh newhampshire
	nj newjersey
	nm newmexico
	ny newyork
	nc northcarolina
	nd northdakota
	oh ohio
	ok oklahoma
	or oregon
	pa pennsylvania
	ri rhodeisland
	sc southcarolina
	sd southdakota
	tn tennessee
	tx texas
	ut utah
	vt vermont
	va virginia
	wa washington
	wv westvirginia
	wi wisconsin
	wy wyoming
	pr puertorico
	gu guam
	vi virginislands usvirginislands
	ab alberta
	bc britishcolumbia
	mb manitoba
	nb newbrunswick
	nl newfoundland newfoundlandandlabrador
	ns novascotia
	nt northwestterritories
	nu nunavut
	on ontario
	pe princeedwardisland
	qc quebec
	sk saskatchewan
	yt yukon`)

// countryCodes are countries without spaces, by their ISO 3166 codes of two
// letters. Those that are missing are compared as they are written.
var countryCodes = pairs(`us usa unitedstates unitedstatesofamerica america
	ca can canada
	gb gbr uk unitedkingdom greatbritain england scotland wales northernireland
	ie irl ireland eire
	de deu germany deutschland
	fr fra france
	es esp spain espana
	it ita italy italia
	nl nld netherlands nederland holland thenetherlands
	be bel belgium belgie belgique
	at aut austria osterreich
	ch che switzerland schweiz suisse svizzera
	pt prt portugal
	pl pol poland polska
	dk dnk denmark danmark
	se swe sweden sverige
	no nor norway norge
	fi fin finland suomi
	ee est estonia eesti
	lv lva latvia latvija
	lt ltu lithuania lietuva
	cz cze czechia czechrepublic
	gr grc greece hellas
	ro rou romania
	hu hun hungary magyarorszag
	bg bgr bulgaria
	hr hrv croatia hrvatska
	ua ukr ukraine
	tr tur turkey turkiye
	mx mex mexico
	br bra brazil brasil
	ar arg argentina
	co col colombia
	cl chl chile
	pe per peru
	au aus australia
	nz nzl newzealand
	in ind india
	cn chn china
	jp jpn japan nippon
	kr kor korea southkorea
	sg sgp singapore
	hk hkg hongkong
	ph phl philippines
	za zaf southafrica
	ng nga nigeria
	ke ken kenya
	eg egy egypt
	il isr israel
	ae are unitedarabemirates uae
	sa sau saudiarabia
	pk pak pakistan
	bd bgd bangladesh
	id idn indonesia
	my mys malaysia
	th tha thailand
	vn vnm vietnam`)
