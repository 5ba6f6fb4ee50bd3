/* One block of points, all of one kind (equal or not); not 0 where an argument or a result is amiss. */
static @bits@ @path@_block_@s@(int equal, size_t n, const @real@ *restrict s, const @real@ *restrict lam,
    const @real@ *restrict noise, const @real@ *restrict decay, const @real@ *restrict w1, const @real@ *restrict w2,
    @results@)
{
    @bits@ amiss = 0;
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            @real@ found[@count@];
            amiss |= amiss_@s@(s[i], lam[i], noise[i], w1[i], w2[i]);
            @path@_equal_@s@(spent_@s@(s[i], @far@), lam[i], noise[i], decay[i], w1[i], w2[i], found);
            @kept@
        }
    else
        for (i = 0; i < n; i++) {
            @real@ found[@count@];
            amiss |= amiss_@s@(s[i], lam[i], noise[i], w1[i], w2[i]);
            @path@_unequal_@s@(spent_@s@(s[i], @far@), lam[i], noise[i], decay[i], w1[i], w2[i], found);
            @kept@
        }
    return amiss;
}

@mode@

/* One block of modes that may be of both kinds; not 0 where an argument or a result is amiss. */
static @bits@ @path@_mixed_@s@(size_t n, const @real@ *const x[6], @real@ *const out[@count@])
{
    const @real@ *restrict w1 = x[W1], *restrict w2 = x[W2];
    @real@ equal[@count@][MODEFLOW_MODES];
    @bits@ same = 0, amiss; /* of the width of the numbers, so that the loops are vectorised */
    size_t i;
    int k;
    for (i = 0; i < n; i++) same += is_equal_@s@(w1[i], w2[i]) ? 1 : 0;
    amiss = @path@_block_@s@(same == n, n, x[S], x[LAM], x[NOISE], x[DECAY], w1, w2, @out@);
    if (same == 0 || same == n) return amiss;
    @path@_block_@s@(1, n, x[S], x[LAM], x[NOISE], x[DECAY], w1, w2, @equal@);
    for (k = 0; k < @count@; k++)
        for (i = 0; i < n; i++) out[k][i] = is_equal_@s@(w1[i], w2[i]) ? equal[k][i] : out[k][i];
    for (amiss = 0, i = 0; i < n; i++) amiss |= amiss_@s@(x[S][i], x[LAM][i], x[NOISE][i], w1[i], w2[i]);
    for (k = 0; k < @count@; k++)
        if (k != @partial@) amiss |= infinite_@s@(n, out[k]);
    return amiss;
}

int modeflow_@path@_@s@(size_t rows, size_t columns, const @real@ *const x[7], const ptrdiff_t outer[7],
    const ptrdiff_t inner[7], @real@ *const out[@places@])
{
    @real@ buffer[7][MODEFLOW_MODES], times[@times@], paced[@times@], spare[@count@][@times@];
    const @real@ *at[7] = {0}, *s = NULL;
    @bits@ amiss;
    size_t row, start, block, even = 0;
    int k, one_mode = 1;
    for (k = 0; k < 7; k++) one_mode &= k == T ? inner[k] != 0 : inner[k] == 0;
    block = one_mode ? @times@ : MODEFLOW_MODES;
    for (start = 0; start < columns; start += block) {
        const size_t n = columns - start < block ? columns - start : block;
        const size_t rest = columns - start - n, next = columns < MODEFLOW_FAR ? 0 : rest < block ? rest : block;
        for (row = 0; row < rows; row++) {
            @real@ *to[@count@];
            for (k = 0; k < @count@; k++) to[k] = out[k] == NULL ? spare[k] : out[k] + row * columns + start;
            for (k = 0; k < 7; k++) {
                const @real@ *const from = x[k] + (ptrdiff_t)row * outer[k] + (ptrdiff_t)start * inner[k];
                const int known = outer[k] == 0 && (row != 0 || (start != 0 && inner[k] == 0));
                if (known) continue;
                at[k] = from;
                if (next != 0 && inner[k] == 1) fetch_@s@(next, from + n);
                if (inner[k] == 0 ? !(one_mode || k == TAU) : inner[k] != 1)
                    at[k] = spread_@s@(inner[k] == 0 ? block : n, from, inner[k], one_mode ? times : buffer[k]);
                if ((inner[k] == 0 || one_mode || k == DECAY || k == TAU) && outside_@s@(k, inner[k] == 0 ? 1 : n, at[k]))
                    return MODEFLOW_UNUSUAL;
            }
            if (!one_mode && inner[TAU] == 0 && *at[TAU] == 1) s = at[T];
            else if (row == 0 || outer[T] != 0 || outer[TAU] != 0) {
                s = pace_@s@(n, at[T], at[TAU], inner[TAU] == 0, @far@, paced);
                even = one_mode ? even_@s@(n, s) : 0;
            }
            if (one_mode) {
                const @real@ decay = *at[DECAY], w1 = *at[W1], w2 = *at[W2];
                const int equal = is_equal_@s@(w1, w2);
                if (!equal && is_fading_@s@(decay)) return MODEFLOW_UNUSUAL;
                amiss = @path@_mode_@s@(equal, n, even, s, *at[LAM], *at[NOISE], decay, w1, w2, @to@);
            } else {
                const @real@ *const v[6] = {s, at[LAM], at[NOISE], at[DECAY], at[W1], at[W2]};
                if ((inner[DECAY] != 0 || *at[DECAY] > 0) && some_fading_@s@(n, at[DECAY], at[W1], at[W2]))
                    return MODEFLOW_UNUSUAL;
                amiss = @path@_mixed_@s@(n, v, to);
            }
            if (amiss != 0) return MODEFLOW_UNUSUAL;
        }
    }
    return 0;
}
