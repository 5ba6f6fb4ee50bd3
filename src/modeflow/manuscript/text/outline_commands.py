"""The commands whose place in a formula is known, whether what they mean can be compared or not."""

from __future__ import annotations

from .commands import FUNCTIONS, GREEK, PAIRS, RELATIONS, TIMES, TRACES, named

OPEN_RELATIONS = named(
    "approx approxeq sim simeq cong propto asymp doteq doteqdot to gets rightarrow leftarrow longrightarrow"
    " longleftarrow uparrow downarrow nearrow searrow updownarrow leftrightarrow longleftrightarrow"
    " rightleftharpoons"
    " hookrightarrow leadsto rightsquigarrow mapsto longmapsto in notin ni subset subseteq subsetneq supset"
    " supseteq"
    " nsubseteq sqsubseteq ll gg lll ggg lesssim gtrsim lessapprox gtrapprox prec succ preceq succeq perp"
    " parallel"
    " models vdash Vdash dashv bowtie nleq ngeq nless ngtr leqq geqq lessgtr eqsim triangleq coloneqq eqqcolon"
    " vartriangleleft trianglelefteq unlhd thicksim independent mid vcentcolon colonapprox iff implies"
    " impliedby"
    " Rightarrow Leftarrow Leftrightarrow Longrightarrow Longleftarrow Longleftrightarrow because therefore"
    " rightharpoonup rightharpoondown leftharpoonup leftharpoondown twoheadrightarrow rightarrowtail multimap"
    " rightleftarrows leftrightarrows Rrightarrow smile frown between Downarrow Uparrow Updownarrow"
)
LABELLED_RELATIONS = named(
    "xrightarrow xLeftrightarrow xhookrightarrow xleftarrow xRightarrow xLeftarrow xlongequal xmapsto xleftrightarrow"
)
RELATING = RELATIONS.keys() | OPEN_RELATIONS

SUMMING = {"+", "-"} | named(
    "pm mp cup cap setminus smallsetminus oplus ominus vee wedge lor land sqcup sqcap uplus backslash dotplus neg lnot"
)
MULTIPLYING = (
    TIMES
    | {"/"}
    | named(
        "otimes odot oslash circ star ast div bmod bullet diamond rtimes ltimes amalg wr boxtimes boxplus"
        " dagger"
        " ddagger"
        " smallsetminus divideontimes"
    )
)
SEPARATING = {",", ";", ":", ".", "\\\\", "&"} | named(
    "quad qquad colon newline forall exists nexists hline hfill hfil cr semicolon ldotp par dotfill"
)
ENDING = named("square blacksquare Box qed qedhere qedsymbol endproof")  # of a proof, where nothing follows

KET, BRA = "|ket", "bra|"  # the bars of |a> and <a|: no command is written so
OPENING = PAIRS.keys() | {KET} | named("langle lfloor lceil llbracket lbrace lgroup lnone ulcorner lmoustache")
CLOSING = (
    frozenset(PAIRS.values()) | {BRA} | named("rangle rfloor rceil rrbracket rbrace rgroup rnone urcorner rmoustache")
)

DOTS = named("ldots dots cdots vdots ddots dotsc dotsb dotsm dotsi hdots iddots")
SIGNS = (
    GREEK
    | DOTS
    | {"\\%", "\\$", "\\#", "\\&", "\\_", "?", "@"}
    | named(
        "infty emptyset varnothing hbar hslash Re Im aleph beth wp nabla partial top bot intercal prime"
        " imath jmath square"
        " Box blacksquare triangle Diamond diamondsuit clubsuit heartsuit spadesuit complement angle flat"
        " natural sharp eth"
        " mho degree surd checkmark dag ddag digamma varGamma varDelta varTheta varLambda varXi varPi"
        " varSigma varUpsilon"
        " varPhi varPsi varOmega omicron star ast dagger ddagger bullet circ bigstar lozenge blacklozenge cdotp"
    )
)

LIMITS = named("lim limsup liminf varlimsup varliminf projlim injlim plim")
EXTREMA = named("min max sup inf argmin argmax")
SUMS = named("sum prod coprod bigcup bigcap bigoplus bigotimes bigsqcup bigvee bigwedge biguplus bigodot")
INTEGRALS = named("int iint iiint iiiint oint oiint idotsint fint intop")
OPERATORS = named("Pr det dim ker deg gcd hom arg log lg exp sgn rank erf erfc") | TRACES | FUNCTIONS.keys()
NAMED = named("operatorname operatorname*")

ABOVE = named(  # what stands over or under one argument
    "hat bar tilde vec dot ddot dddot ddddot check breve acute grave mathring overline underline widehat"
    " widetilde"
    " widecheck overrightarrow overleftarrow overleftrightarrow underrightarrow underbar wideparen overarc"
    " utilde"
    " cancel bcancel xcancel mathop num mathstrut substack underbrace overbrace overbracket"
    " underbracket fbox framebox"
    " mathclap mathllap mathrlap clap llap rlap ket bra Ket Bra set Set ceil floor vb vu va vectorbold"
)
LETTERS = named(  # whose argument is a name
    "mathbf boldsymbol bm mathcal mathsf mathrm mathit mathbb mathscr mathfrak mathds mathbbm mathtt"
    " mathnormal pmb"
    " symbf symcal symbb textbf textit texttt textsf textsc emph textsl textnormal mathbfit mathbfcal"
    " mathpzc mathfrak"
    " bf it rm cal sf tt bold boldmath"
)
TEXTS = named("text textrm textup mbox hbox textmd intertext shortintertext")
REFERENCES = named(
    "ref eqref cite citep citet cref Cref autoref footnote label tag footnotemark nameref pageref pmod pod"
)
FRACTIONS = named("frac dfrac tfrac cfrac nicefrac sfrac binom dbinom tbinom flatfrac braket Braket ketbra dyad ip")
STACKED = named("overset underset stackrel")
BETWEEN = named("over choose atop brack brace")

ALIGNED = {
    "aligned",
    "split",
    "gathered",
    "align",
    "alignedat",
    "multlined",
    "gather",
    "alignat",
    "eqnarray",
    "dcases*",
}
TABLES = {
    *("cases", "dcases", "rcases", "drcases", "array", "smallmatrix", "subarray", "matrix", "pmatrix", "bmatrix"),
    *("vmatrix", "Vmatrix", "Bmatrix", "psmallmatrix", "bsmallmatrix", "numcases", "tabular", "subnumcases"),
}
