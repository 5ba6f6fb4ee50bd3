/* exp and expm1 in plain arithmetic, so that loops over them are vectorised: x = k·ln 2 + r, |r| <= (ln 2)/2, and the
   Taylor polynomial of exp(r) - 1. Within 1 ulp (expm1: 1.5), down to the subnormal numbers; NaN in, NaN out. */

static inline @real@ bits_@s@(@bits@ whole)
{
    @real@ value;
    memcpy(&value, &whole, sizeof value);
    return value;
}

/* 2 to the power of a whole k between the exponents of normal numbers. */
static inline @real@ power_@s@(@real@ k)
{
    @real@ shifted = k + (@magic@ + @bias@);
    @bits@ whole;
    memcpy(&whole, &shifted, sizeof whole);
    return bits_@s@(whole << @mantissa@);
}

static inline @real@ clamped_@s@(@real@ x)
{
    x = x < @least@ ? @least@ : x;
    return x > @most@ ? @most@ : x;
}

/* exp(r) - 1, with k and r as above. */
static inline @real@ reduced_@s@(@real@ x, @real@ *k)
{
    @real@ whole = (x * @inverse_ln2@ + @magic@) - @magic@;
    @real@ r = (x - whole * @ln2_high@) - whole * @ln2_low@;
    @real@ p = @last@;
@horner@
    *k = whole;
    return r + r * r * p;
}

static inline @real@ exp_@s@(@real@ x)
{
    @real@ k, p = reduced_@s@(clamped_@s@(x), &k);
    @real@ half = (@half@ * k + @magic@) - @magic@;
    @real@ value = ((p + @one@) * power_@s@(half)) * power_@s@(k - half);
    return x == x ? value : x;
}

static inline @real@ expm1_@s@(@real@ x)
{
    @real@ k, p = reduced_@s@(clamped_@s@(x), &k);
    @real@ half = (@half@ * k + @magic@) - @magic@;
    @real@ one = power_@s@(half), other = power_@s@(k - half);
    @real@ value = p * one * other + (one * other - @one@);
    return x == x ? value : x;
}

/* The root of x*x + y*y, without overflow or underflow of the squares. */
static inline @real@ hypot_@s@(@real@ x, @real@ y)
{
    @real@ large, ratio;
    x = x < 0 ? -x : x;
    y = y < 0 ? -y : y;
    large = x > y ? x : y;
    ratio = (x > y ? y : x) / (large > @tiny@ ? large : @tiny@);
    return large * @sqrt@(@one@ + ratio * ratio);
}
