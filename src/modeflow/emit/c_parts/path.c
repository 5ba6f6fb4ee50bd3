/* One block of points, all of one kind (equal or not): x[k][i * step[k]], step 0 or 1. */
static void @path@_block_@s@(int equal, size_t n, const @real@ *const x[7], @real@ *const out[2])
{
    const @real@ *restrict t = x[T], *restrict lam = x[LAM], *restrict noise = x[NOISE], *restrict decay = x[DECAY];
    const @real@ *restrict w1 = x[W1], *restrict w2 = x[W2], *restrict tau = x[TAU];
    @real@ *restrict first = out[0];@second_pointer@
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            @real@ v[7] = {t[i], lam[i], noise[i], decay[i], w1[i], w2[i], tau[i]}, found[2];
            @path@_equal_@s@(v, found);
            first[i] = found[0];@second_found@
        }
    else
        for (i = 0; i < n; i++) {
            @real@ v[7] = {t[i], lam[i], noise[i], decay[i], w1[i], w2[i], tau[i]}, found[2];
            @path@_unequal_@s@(v, found);
            first[i] = found[0];@second_found@
        }
}

/* The times of one mode: what depends on the mode alone is computed once. */
static void @path@_mode_@s@(int equal, size_t n, const @real@ *restrict t, const @real@ mode[7], @real@ *const out[2])
{
    const @real@ lam = mode[LAM], noise = mode[NOISE], decay = mode[DECAY], w1 = mode[W1], w2 = mode[W2], tau = mode[TAU];
    @real@ *restrict first = out[0];@second_pointer@
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            @real@ v[7] = {t[i], lam, noise, decay, w1, w2, tau}, found[2];
            @path@_equal_@s@(v, found);
            first[i] = found[0];@second_found@
        }
    else
        for (i = 0; i < n; i++) {
            @real@ v[7] = {t[i], lam, noise, decay, w1, w2, tau}, found[2];
            @path@_unequal_@s@(v, found);
            first[i] = found[0];@second_found@
        }
}

int modeflow_@path@_@s@(size_t rows, size_t columns, const @real@ *const x[7], const ptrdiff_t outer[7],
    const ptrdiff_t inner[7], @real@ *const out[2])
{
    @real@ buffer[7][MODEFLOW_BLOCK], other[2][MODEFLOW_BLOCK];
    size_t row, start, i;
    int k, one_mode = 1;
    for (k = 0; k < 7; k++) one_mode &= k == T ? inner[k] != 0 : inner[k] == 0;
    for (row = 0; row < rows; row++)
        for (start = 0; start < columns; start += MODEFLOW_BLOCK) {
            size_t n = columns - start < MODEFLOW_BLOCK ? columns - start : MODEFLOW_BLOCK, equal = 0;
            const @real@ *at[7];
            @real@ *to[2], mode[7];
            @bits@ bad = 0; /* of the width of the numbers, so that the loops are vectorised */
            for (k = 0; k < 7; k++) {
                const @real@ *from = x[k] + (ptrdiff_t)row * outer[k] + (ptrdiff_t)start * inner[k];
                at[k] = from;
                mode[k] = *from;
                if (inner[k] == 0) {
                    bad |= outside_@s@(k, 1, from);
                    if (!one_mode) at[k] = buffer[k];
                    if (!one_mode && start == 0)
                        for (i = 0; i < n; i++) buffer[k][i] = mode[k];
                } else {
                    if (inner[k] != 1) {
                        for (i = 0; i < n; i++) buffer[k][i] = from[(ptrdiff_t)i * inner[k]];
                        at[k] = buffer[k];
                    }
                    bad |= outside_@s@(k, n, at[k]);
                }
            }
            if (bad != 0) return MODEFLOW_UNUSUAL;
            to[0] = out[0] + row * columns + start;
            to[1] = @second@ ? out[1] + row * columns + start : to[0];
            if (one_mode) {
                equal = mode[W1] == mode[W2] || mode[W1] == -mode[W2] ? n : 0;
                if (!equal && mode[DECAY] > 0) return MODEFLOW_UNUSUAL;
                @path@_mode_@s@(equal != 0, n, at[T], mode, to);
            } else {
                const @real@ *restrict decay = at[DECAY], *restrict w1 = at[W1], *restrict w2 = at[W2];
                @bits@ same = 0;
                for (i = 0; i < n; i++) {
                    @bits@ alike = @fabs@(w1[i]) == @fabs@(w2[i]) ? 1 : 0;
                    bad |= decay[i] > 0 ? 1 - alike : 0;
                    same += alike;
                }
                if (bad != 0) return MODEFLOW_UNUSUAL;
                equal = (size_t)same;
                @path@_block_@s@(equal == n, n, at, to);
                if (equal != 0 && equal != n) {
                    @real@ *const there[2] = {other[0], other[1]};
                    @path@_block_@s@(1, n, at, there);
                    for (i = 0; i < n; i++) {
                        int alike = @fabs@(at[W1][i]) == @fabs@(at[W2][i]);
                        to[0][i] = alike ? other[0][i] : to[0][i];@second_merged@
                    }
                }
            }
            for (i = 0; i < n; i++) bad |= (to[0][i] - to[0][i] == 0) & (to[1][i] - to[1][i] == 0) ? 0 : 1;
            if (bad != 0) return MODEFLOW_UNUSUAL;
        }
    return 0;
}
