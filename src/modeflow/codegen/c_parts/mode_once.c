/* The times of one mode: what depends on the mode alone is computed once. Not 0 where a result is amiss. */
static @bits@ @path@_mode_@s@(int equal, size_t n, const @real@ *restrict s, @real@ lam, @real@ noise, @real@ decay,
    @real@ w1, @real@ w2, @results@)
{
    @bits@ amiss = 0;
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            @real@ found[@count@];
            @path@_equal_@s@(s[i], lam, noise, decay, w1, w2, found);
            @kept@
        }
    else
        for (i = 0; i < n; i++) {
            @real@ found[@count@];
            @path@_unequal_@s@(s[i], lam, noise, decay, w1, w2, found);
            @kept@
        }
    return amiss;
}
