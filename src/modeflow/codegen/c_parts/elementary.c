/* exp and expm1 in plain arithmetic, so that loops over them are vectorised: x = k·ln 2 + r, |r| <= (ln 2)/2, and a
   polynomial in place of (exp(r) - 1 - r)/r². No case is told from another: beyond the ends of its range x is an end,
   at which 2 to the power of k - 1 is 0, or twice the result is infinite. Within 1 ulp (expm1: 1.5); exp is 0 where it
   would be less than √2 times the least normal number; NaN in, NaN out. */

static inline @real@ real_@s@(@bits@ whole)
{
    @real@ value;
    memcpy(&value, &whole, sizeof value);
    return value;
}

static inline @bits@ bits_@s@(@real@ value)
{
    @bits@ whole;
    memcpy(&whole, &value, sizeof whole);
    return whole;
}

/* The ends of what exp takes, and those of binade. A compiler that knew that they never change would compute what comes of
   each of them, and choose between that and all else, which takes longer. */
@real@ modeflow_ends_@s@[4] = {@least@, @most@, @tiny@, @roomy@};

static inline @real@ between_@s@(@real@ x, const @real@ *ends)
{
    x = ends[0] > x ? ends[0] : x;
    return ends[1] < x ? ends[1] : x;
}

/* exp(r) - 1, with r as above, and 2 to the power of k - 1 + shift - @bias@. */
static inline @real@ reduced_@s@(@real@ x, @real@ shift, @real@ *power)
{
    @real@ whole, r, r2, r4, r8, p;
    whole = (x * @inverse_ln2@ + @magic@) - @magic@;
    r = (x - whole * @ln2_high@) - whole * @ln2_low@;
    r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
    p = @polynomial@;
    (void)r8;
    *power = real_@s@(bits_@s@(whole + (@magic@ + shift)) << @mantissa@);
    return r + r2 * p;
}

static inline @real@ exp_@s@(@real@ x)
{
    @real@ half, p = reduced_@s@(between_@s@(x, modeflow_ends_@s@), @bias@, &half);
    return 2 * (p * half + half);
}

static inline @real@ expm1_@s@(@real@ x)
{
    @real@ half, p = reduced_@s@(between_@s@(x, modeflow_ends_@s@), @bias@, &half);
    return 2 * (p * half + (half - @one@ / 2));
}

/* exp of x <= 0 down to the least number there is: computed @raised@ times as large, so that what is no normal number is
   rounded once, at its end. It is for kernels that multiply such results by large numbers: processors are slow at them. */
static inline @real@ exp_to_the_end_@s@(@real@ x)
{
    @real@ raised, p = reduced_@s@(@least_of_all@ > x ? @least_of_all@ : x, @raised_bias@, &raised);
    return (p * raised + raised) / @raised@;
}

/* The power of 2 next to the larger of |x| and |y|; its exponent is kept within that of numbers whose inverse is one. */
static inline @real@ binade_@s@(@real@ x, @real@ y)
{
    const @bits@ exponent = bits_@s@((@real@)INFINITY);
    x = @fabs@(x);
    y = @fabs@(y);
    return between_@s@(real_@s@(bits_@s@(x > y ? x : y) & exponent), modeflow_ends_@s@ + 2);
}

/* 1/x of such a power. */
static inline @real@ reciprocal_@s@(@real@ x)
{
    return real_@s@(2 * bits_@s@(@one@) - bits_@s@(x));
}

/* The root of x*x + y*y, both scaled, which loses nothing. */
static inline @real@ hypot_@s@(@real@ x, @real@ y)
{
    const @real@ size = binade_@s@(x, y), inverse = reciprocal_@s@(size);
    x *= inverse;
    y *= inverse;
    return size * @sqrt@(x * x + y * y);
}
