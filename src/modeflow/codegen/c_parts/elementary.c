/* exp and expm1 in plain arithmetic, so that loops over them are vectorised: x = k·ln 2 + r, |r| <= (ln 2)/2, and the
   Taylor polynomial of exp(r) - 1. Within 1 ulp (expm1: 1.5); exp is 0 where it would not be a normal number, and
   infinite within a factor √2 of where it would not be finite; NaN in, NaN out. */

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

static inline @real@ clamped_@s@(@real@ x, @real@ least, @real@ most)
{
    x = x < least ? least : x;
    return x > most ? most : x;
}

/* exp(r) - 1, with 2 to the power of k, and r as above. */
static inline @real@ reduced_@s@(@real@ x, @real@ *power)
{
    @real@ whole = (x * @inverse_ln2@ + @magic@) - @magic@;
    @real@ r = (x - whole * @ln2_high@) - whole * @ln2_low@;
    @real@ r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
    @real@ p = @polynomial@;
    (void)r8;
    *power = real_@s@(bits_@s@(whole + (@magic@ + @bias@)) << @mantissa@);
    return r + r2 * p;
}

static inline @real@ exp_@s@(@real@ x)
{
    @real@ power, p = reduced_@s@(clamped_@s@(x, @least@, @most@), &power);
    return x < @least@ ? 0 : x > @most@ ? (@real@)INFINITY : p * power + power;
}

static inline @real@ expm1_@s@(@real@ x)
{
    @real@ power, p = reduced_@s@(clamped_@s@(x, @least@, @most@), &power);
    return x > @most@ ? (@real@)INFINITY : p * power + (power - @one@);
}

/* The power of 2 next to the larger of |x| and |y|; its exponent is kept within that of numbers whose inverse is one. */
static inline @real@ binade_@s@(@real@ x, @real@ y)
{
    const @bits@ one = bits_@s@(@one@), least = (@bits@)1 << @mantissa@, most = 2 * one - 4 * least;
    @bits@ exponent;
    x = x < 0 ? -x : x;
    y = y < 0 ? -y : y;
    exponent = bits_@s@(x > y ? x : y) >> @mantissa@ << @mantissa@;
    exponent = exponent < least ? least : exponent;
    return real_@s@(exponent > most ? most : exponent);
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
