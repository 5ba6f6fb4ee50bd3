// How the search ranks what it finds: the main results come first, then pages that explain, then pages of single claims,
// and the table of all claims last.
// The numbers beside `score` are those of Sphinx.
var Scorer = {
  score: ([page, , , , score]) => {
    if (page === "results") return score + 4;
    if (page === "claims/index") return score - 20;
    return page.startsWith("claims/") ? score - 3 : score;
  },
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
