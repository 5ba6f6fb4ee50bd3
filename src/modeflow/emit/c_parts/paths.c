/* ---- whole paths: arguments as the Python evaluators take them, over a grid of rows x columns ---- */

static inline @real@ steps_@s@(@real@ t, @real@ tau)
{
    /* At an infinite time every exponential has vanished; a huge finite one spares 0·inf in modes at rest. */
    @real@ s = t / tau;
    return s < @max@ / 8 ? s : @max@ / 8;
}

static inline @real@ sign_@s@(@real@ x) { return @copysign@(@one@, x); }

static inline void strength_unequal_@s@(const @real@ v[7], @real@ out[2])
{
    @real@ one = @fabs@(v[W1]), two = @fabs@(v[W2]);
    @real@ a = @copysign@(one < two ? one : two, v[W1] * v[W2]), b = one < two ? two : one;
    direct_strength_@s@(steps_@s@(v[T], v[TAU]), v[LAM], v[NOISE], a, b, &out[0]);
}

static inline void strength_equal_@s@(const @real@ v[7], @real@ out[2])
{
    @real@ r = @fabs@(v[W1]), s = r == 0 ? 0 : steps_@s@(v[T], v[TAU]);
    balanced_strength_@s@(s, v[LAM], v[NOISE], v[DECAY], r, sign_@s@(v[W1]) * sign_@s@(v[W2]), &out[0]);
}

static inline void weights_unequal_@s@(const @real@ v[7], @real@ out[2])
{
    @real@ one = @fabs@(v[W1]), two = @fabs@(v[W2]), small, large, sign;
    @real@ a = @copysign@(one < two ? one : two, v[W1] * v[W2]), b = one < two ? two : one;
    direct_weights_@s@(steps_@s@(v[T], v[TAU]), v[LAM], v[NOISE], a, b, &small, &large);
    sign = one > two ? sign_@s@(v[W1]) : sign_@s@(v[W2]);
    out[0] = sign * (one > two ? large : small);
    out[1] = sign * (one > two ? small : large);
}

static inline void weights_equal_@s@(const @real@ v[7], @real@ out[2])
{
    @real@ r = @fabs@(v[W1]), s = r == 0 ? 0 : steps_@s@(v[T], v[TAU]), size;
    balanced_weights_@s@(s, v[LAM], v[NOISE], v[DECAY], r, sign_@s@(v[W1]) * sign_@s@(v[W2]), &size);
    out[0] = @copysign@(size, v[W1]);
    out[1] = @copysign@(size, v[W2]);
}

static inline void loss_unequal_@s@(const @real@ v[7], @real@ out[2])
{
    direct_loss_@s@(steps_@s@(v[T], v[TAU]), v[LAM], v[NOISE], v[W1], v[W2], &out[0]);
}

static inline void loss_equal_@s@(const @real@ v[7], @real@ out[2])
{
    @real@ r = @fabs@(v[W1]), s = r == 0 ? 0 : steps_@s@(v[T], v[TAU]);
    balanced_loss_@s@(s, v[LAM], v[NOISE], v[DECAY], r, sign_@s@(v[W1]) * sign_@s@(v[W2]), &out[0]);
}

/* Not 0 where a value of argument k is out of its range; NaN is. */
static inline @bits@ outside_@s@(int k, size_t n, const @real@ *restrict x)
{
    const @real@ low = k == W1 || k == W2 ? -@max@ : k == TAU ? @tiny@ * @epsilon@ : 0;
    const @real@ high = k == T ? (@real@)INFINITY : @max@;
    @bits@ outside = 0;
    size_t i;
    for (i = 0; i < n; i++) outside |= (x[i] >= low) & (x[i] <= high) ? 0 : 1;
    return outside;
}

@paths@
