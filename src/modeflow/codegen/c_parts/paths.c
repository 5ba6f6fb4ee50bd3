/* ---- whole paths: arguments as the Python evaluators take them, over a grid of rows x columns ---- */

@regimes@

/* Whether a value is infinite or NaN. */
static inline int infinite_@s@(size_t n, const @real@ *restrict x)
{
    size_t i;
    @bits@ amiss = 0;
    for (i = 0; i < n; i++) amiss |= bits_@s@(x[i] - x[i]);
    return amiss != 0;
}

/* Whether a value of argument k is out of its range; NaN is. Bits are gathered, which vectorises: x - x is 0 and not
   NaN for a finite x alone, and so is x*0, but with the sign of x. */
static inline int outside_@s@(int k, size_t n, const @real@ *restrict x)
{
    size_t i;
    @bits@ amiss = 0;
    if (k == W1 || k == W2) return infinite_@s@(n, x);
    if (k == T)
        for (i = 0; i < n; i++) amiss |= x[i] >= 0 ? 0 : 1;
    else
        for (i = 0; i < n; i++) amiss |= bits_@s@((x[i] + 0) * 0);
    if (k == TAU)
        for (i = 0; i < n; i++) amiss |= x[i] == 0 ? 1 : 0;
    return amiss != 0;
}

/* Not 0 where one of a point's arguments is out of its range; decay and tau have been looked at. */
static inline @bits@ amiss_@s@(@real@ s, @real@ lam, @real@ noise, @real@ w1, @real@ w2)
{
    const @bits@ early = s >= 0 ? 0 : ~(@bits@)0, negative = bits_@s@((lam + 0) * 0) | bits_@s@((noise + 0) * 0);
    return early | negative | bits_@s@(w1 - w1) | bits_@s@(w2 - w2);
}

/* Not 0 where weights of two sizes decay. */
static inline @bits@ some_fading_@s@(size_t n, const @real@ *restrict decay, const @real@ *restrict w1,
    const @real@ *restrict w2)
{
    @bits@ fading = 0;
    size_t i;
    for (i = 0; i < n; i++) fading |= is_fading_@s@(decay[i]) & !is_equal_@s@(w1[i], w2[i]) ? 1 : 0;
    return fading;
}

/* Has the values brought into the cache while others are computed with. */
static inline void fetch_@s@(size_t n, const @real@ *x)
{
#ifdef __GNUC__
    size_t i;
    for (i = 0; i < n; i += 64 / sizeof *x) __builtin_prefetch(x + i);
#else
    (void)n, (void)x;
#endif
}

/* The values without gaps between them. */
static inline const @real@ *spread_@s@(size_t n, const @real@ *x, ptrdiff_t step, @real@ *restrict to)
{
    size_t i;
    for (i = 0; i < n; i++) to[i] = x[(ptrdiff_t)i * step];
    return to;
}

/* At an infinite time every exponential has vanished; a huge finite one, the most, spares 0·inf in modes at rest. */
static inline @real@ spent_@s@(@real@ s, @real@ most) { return s < most ? s : most; }

/* t/tau for n points, of one tau or of one each. */
static const @real@ *pace_@s@(size_t n, const @real@ *restrict t, const @real@ *restrict tau, int shared, @real@ most,
    @real@ *restrict s)
{
    size_t i;
    if (shared && tau[0] == 1)
        for (i = 0; i < n; i++) s[i] = spent_@s@(t[i], most);
    else
        for (i = 0; i < n; i++) s[i] = spent_@s@(t[i] / tau[shared ? 0 : i], most);
    return s;
}

/* How many of the times, from the first on, lie in rows: each a row's first time and the distances in the first row, but for
   two units in its last place. 0 where it would not pay. */
static size_t even_@s@(size_t n, const @real@ *restrict s)
{
    @bits@ uneven = 0;
    size_t i, row;
    n -= n % @row@;
    for (row = 0; row < n; row += @row@)
        for (i = 0; i < @row@; i++) {
            const @real@ at = s[row + i], far = s[i] - s[0];
            uneven |= (far >= 0) & (@fabs@(at - (s[row] + far)) <= 2 * @epsilon@ * at) ? 0 : 1;
        }
    return uneven != 0 || n < 4 * @row@ ? 0 : n;
}

/* of[0]/of[1], where the inverse of the divisor is known but for rounding. */
static inline @real@ quotient_@s@(const @real@ of[2], @real@ inverse)
{
    const @real@ about = of[0] * inverse;
    return about + inverse * (of[0] - of[1] * about);
}

@paths@
