/* The times of one mode, as points that have all else in common: gcc vectorises no loop with a choice that the mode alone
   decides. Not 0 where a result is amiss. */
static @bits@ @path@_mode_@s@(int equal, size_t n, size_t even, const @real@ *restrict s, @real@ lam, @real@ noise,
    @real@ decay, @real@ w1, @real@ w2, @results@)
{
    @real@ mode[5] = {lam, noise, decay, w1, w2}, of[5][MODEFLOW_MODES];
    @bits@ amiss = 0;
    size_t start;
    int k;
    (void)even;
    for (k = 0; k < 5; k++) spread_@s@(MODEFLOW_MODES, mode + k, 0, of[k]);
    for (start = 0; start < n; start += MODEFLOW_MODES) {
        const size_t rest = n - start, points = rest < MODEFLOW_MODES ? rest : MODEFLOW_MODES;
        amiss |= @path@_block_@s@(equal, points, s + start, of[0], of[1], of[2], of[3], of[4], @further@);
    }
    return amiss;
}
