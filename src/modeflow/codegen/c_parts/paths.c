/* ---- whole paths: arguments as the Python evaluators take them, over a grid of rows x columns ---- */

@regimes@

/* The largest of the values' bits, which as whole numbers are in the order of their sizes; infinite and NaN come last. With
   signs, a negative number comes after those. */
static inline @bits@ largest_@s@(int signs, size_t n, const @real@ *restrict x)
{
    @bits@ largest = 0;
    size_t i;
    for (i = 0; i < n; i++) {
        const @bits@ bits = signs ? bits_@s@(x[i] + 0) : bits_@s@(@fabs@(x[i]));
        largest = bits > largest ? bits : largest;
    }
    return largest;
}

/* Whether a value of argument k is out of its range; NaN is. */
static inline int outside_@s@(int k, size_t n, const @real@ *restrict x)
{
    const @bits@ infinite = bits_@s@((@real@)INFINITY), most = k == T ? infinite : infinite - 1;
    size_t i;
    @bits@ zero = 0;
    if (largest_@s@(k != W1 && k != W2, n, x) > most) return 1;
    if (k != TAU) return 0;
    for (i = 0; i < n; i++) zero |= x[i] == 0 ? 1 : 0;
    return zero != 0;
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

/* Whether a value is infinite or NaN. */
static inline int infinite_@s@(size_t n, const @real@ *restrict x)
{
    return largest_@s@(0, n, x) >= bits_@s@((@real@)INFINITY);
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

/* t/tau for n points, of one tau or of one each. At an infinite time every exponential has vanished; a huge finite one,
   the most, spares 0·inf in modes at rest. */
static void pace_@s@(size_t n, const @real@ *restrict t, const @real@ *restrict tau, int shared, @real@ most,
    @real@ *restrict s)
{
    size_t i;
    if (shared && tau[0] == 1)
        for (i = 0; i < n; i++) s[i] = t[i] < most ? t[i] : most;
    else
        for (i = 0; i < n; i++) {
            @real@ steps = t[i] / tau[shared ? 0 : i];
            s[i] = steps < most ? steps : most;
        }
}

@paths@
