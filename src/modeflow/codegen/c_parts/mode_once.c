/* Times of a mode of unequal weights in rows, each as the first but for where it starts: e^(a + b) is a product, and
   e^(a + b) - 1 a sum of two numbers of one sign, so that few exponentials are computed. Two points share a division: two
   divisors have no product that overflows, as (w1 - w2)/(w1 + w2) is at most twice the inverse of a unit in the last place.
   Not 0 where a result is amiss, as where that product is 0. */
static @bits@ @path@_rows_@s@(size_t rows, const @real@ *restrict s, @real@ lam, @real@ noise, @real@ decay,
    @real@ w1, @real@ w2, @real@ *restrict to)
{
    enum { HALF = @row@ / 2, MOST = @times@ / @row@ };
    @real@ x[@row@], whole[@row@], less[@row@], rate[1];
    @real@ end[MOST], power[MOST], part[MOST];
    @bits@ amiss = 0;
    size_t i, row;
    @path@_rate_unequal_@s@(@one@, lam, noise, decay, w1, w2, rate);
    for (i = 0; i < @row@; i++) {
        x[i] = rate[0] * (s[i] - s[0]);
        whole[i] = exp_@s@(x[i]);
        less[i] = expm1_@s@(x[i]);
    }
    spread_@s@(rows, s, @row@, end);
    for (i = 0; i < rows; i++) {
        const @real@ from = rate[0] * end[i];
        power[i] = exp_@s@(from);
        part[i] = expm1_@s@(from);
        end[i] = @least@ - from; /* where the power would leave the normal numbers, at which processors are slow */
    }
    for (row = 0; row < rows; row++) {
        const @real@ *restrict at = s + row * @row@;
        @real@ *restrict out = to + row * @row@;
        for (i = 0; i < HALF; i++) {
            const size_t k = i + HALF;
            const @real@ one = x[i] < end[row] ? 0 : power[row] * whole[i];
            const @real@ two = x[k] < end[row] ? 0 : power[row] * whole[k];
            @real@ first[2], second[2], inverse, sum;
            @path@_known_unequal_@s@(at[i], one, part[row] + power[row] * less[i], lam, noise, decay, w1, w2, first);
            @path@_known_unequal_@s@(at[k], two, part[row] + power[row] * less[k], lam, noise, decay, w1, w2, second);
            inverse = @one@ / (first[1] * second[1]);
            out[i] = quotient_@s@(first, inverse * second[1]);
            out[k] = quotient_@s@(second, inverse * first[1]);
            sum = out[i] + out[k];
            amiss |= bits_@s@(sum - sum);
        }
    }
    return amiss;
}

/* The times of one mode: what depends on the mode alone is computed once. even: how many of them, from the first on, lie in
   rows. Not 0 where a result is amiss. */
static @bits@ @path@_mode_@s@(int equal, size_t n, size_t even, const @real@ *restrict s, @real@ lam, @real@ noise,
    @real@ decay, @real@ w1, @real@ w2, @results@)
{
    @bits@ amiss = 0;
    size_t i;
    if (equal || even == 0 || @path@_rows_@s@(even / @row@, s, lam, noise, decay, w1, w2, to_0) != 0) even = 0;
    if (equal)
        for (i = 0; i < n; i++) {
            @real@ found[@count@];
            @path@_equal_@s@(s[i], lam, noise, decay, w1, w2, found);
            @kept@
        }
    else
        for (i = even; i < n; i++) {
            @real@ found[@count@];
            @path@_unequal_@s@(s[i], lam, noise, decay, w1, w2, found);
            @kept@
        }
    return amiss;
}
