/* Philox 4x64-10 by counters, and Box and Muller's transform of its words, as `normals.py` has them from NumPy.

   Words are made one lane at a time: there are no vectors of products of 128 bits. */

typedef uint64_t words __attribute__((vector_size(64), may_alias));
__extension__ typedef unsigned __int128 wide;

/* Four words of one counter; those of a lane lie LANES apart. */
static inline void philox(uint64_t counter, uint64_t seed, uint64_t trajectory, uint64_t *out)
{
    uint64_t a = counter, b = 0, c = 0, d = 0;
    for (int round = 0; round < 10; round++) {
        const wide x = (wide)0xD2E7470EE14C6C93ULL * a, y = (wide)0xCA5A826395121157ULL * c;
        a = (uint64_t)(y >> 64) ^ b ^ seed;
        b = (uint64_t)y;
        c = (uint64_t)(x >> 64) ^ d ^ trajectory;
        d = (uint64_t)x;
        seed += 0x9E3779B97F4A7C15ULL;
        trajectory += 0xBB67AE8584CAA73BULL;
    }
    out[0] = a;
    out[LANES] = b;
    out[2 * LANES] = c;
    out[3 * LANES] = d;
}

/* The upper 44 bits and a half as a part of 1, and the lower 20: both exactly. */
static inline vec upper_part(words w)
{
    return (vec)(((w >> 12) & ~0xFFULL) | 0x3FF0000000000000ULL) - (1.0 - 0x1p-45);
}

static inline vec lower_part(words w)
{
    return (vec)((w << 44 >> 12) | 0x3FF0000000000000ULL) - (1.0 - 0x1p-21);
}

/* log u of 0 < u < 1: u = 2^e m, 1/sqrt(2) < m < sqrt(2), and the series of atanh((m - 1)/(m + 1)). */
static inline vec logarithm(vec u)
{
    const words bits = (words)u;
    vec m = (vec)((bits & 0x000FFFFFFFFFFFFFULL) | 0x3FF0000000000000ULL);
    const mask above = (mask)(m > 1.4142135623730951);
    const vec e = (vec)((bits >> 52) | 0x4330000000000000ULL) - (0x1p52 + 1023.0);
    m = choose(above, 0.5 * m, m);
    const vec s = (m - 1.0) / (m + 1.0), z = s * s;
    vec p = z * (1.0 / 23.0) + 1.0 / 21.0;
    p = p * z + 1.0 / 19.0;
    p = p * z + 1.0 / 17.0;
    p = p * z + 1.0 / 15.0;
    p = p * z + 1.0 / 13.0;
    p = p * z + 1.0 / 11.0;
    p = p * z + 1.0 / 9.0;
    p = p * z + 1.0 / 7.0;
    p = p * z + 1.0 / 5.0;
    p = p * z + 1.0 / 3.0;
    const vec one = {1, 1, 1, 1, 1, 1, 1, 1}, zero = {0};
    return choose(above, e + one, e + zero) * 0.6931471805599453 + (2.0 * s + 2.0 * s * (z * p));
}

/* cos and sin of x quarter turns, |x| < 2^50: the nearest whole number is taken off, Taylor's series do the rest. */
static inline void quarter_turns(vec x, vec *cosine, vec *sine)
{
    const vec whole = x + 0x1.8p52;
    const words turns = (words)whole;
    const vec a = (x - (whole - 0x1.8p52)) * 1.5707963267948966, z = a * a;
    vec s = z * (-1.0 / 1307674368000.0) + 1.0 / 6227020800.0, c = z * (1.0 / 20922789888000.0) - 1.0 / 87178291200.0;
    s = s * z - 1.0 / 39916800.0;
    c = c * z + 1.0 / 479001600.0;
    s = s * z + 1.0 / 362880.0;
    c = c * z - 1.0 / 3628800.0;
    s = s * z - 1.0 / 5040.0;
    c = c * z + 1.0 / 40320.0;
    s = s * z + 1.0 / 120.0;
    c = c * z - 1.0 / 720.0;
    s = s * z - 1.0 / 6.0;
    c = c * z + 1.0 / 24.0;
    s = a + a * (z * s);
    c = (c * z - 0.5) * z + 1.0;
    const mask swapped = (mask)-(turns & 1);
    *cosine = (vec)((words)choose(swapped, s, c) ^ (((turns + 1) & 2) << 62));
    *sine = (vec)((words)choose(swapped, c, s) ^ ((turns & 2) << 62));
}

static inline vec root(vec x)
{
    vec y;
    for (int l = 0; l < 8; l++) {
        y[l] = sqrt(x[l]);
    }
    return y;
}

/* Which numbers of which trajectories: lane l has the trajectory first + l. */
typedef struct {
    uint64_t seed, first;
    int64_t count;               /* variates of a step: all its sets */
    int64_t sets;
    int64_t joined;              /* whether a step has those of two half steps, joined; see `Joined` */
} stream;

/* Two variates of each word of a block in lanes. */
static inline void transformed(const words *w, vec *z)
{
    for (int i = 0; i < 4; i++) {
        const vec radius = root(-2.0 * logarithm(upper_part(w[i])));
        vec cosine, sine;
        quarter_turns(4.0 * lower_part(w[i]), &cosine, &sine);
        z[2 * i] = radius * cosine;
        z[2 * i + 1] = radius * sine;
    }
}

/* The variates of one step of eight trajectories, blocks of eight of them, into as many vectors. */
static inline void drawn(const stream *s, uint64_t step, vec *z)
{
    const uint64_t blocks = (uint64_t)(s->count + 7) / 8;
    for (uint64_t b = 0; b < blocks; b++) {
        words w[4];
        for (int l = 0; l < LANES; l++) {
            philox(step * blocks + b + 1, s->seed, s->first + (uint64_t)l, (uint64_t *)w + l);
        }
        transformed(w, z + 8 * b);
    }
}

/* The same for a step that may be two half steps joined; `room` holds as many vectors as `z`. */
static inline void normals(const stream *s, uint64_t step, vec *z, vec *room)
{
    if (!s->joined) {
        drawn(s, step, z);
        return;
    }
    const int64_t own = s->count / s->sets;
    drawn(s, 2 * step, z);
    drawn(s, 2 * step + 1, room);
    for (int64_t i = 0; i < own; i++) {
        const vec a = z[i], b = room[i];
        z[i] = (a + b) * 0.7071067811865476;
        if (s->sets == 2) {
            z[own + i] = (b - a) * 0.7071067811865476;
        }
    }
}

/* The variates of one trajectory, (blocks, 8): a block a lane. */
void qllg_normals(uint64_t seed, uint64_t trajectory, uint64_t counter, int64_t blocks, double *out)
{
    for (int64_t b = 0; b < blocks; b += LANES) {
        words w[4];
        vec z[8];
        for (int l = 0; l < LANES; l++) {
            philox(counter + (uint64_t)(b + l) + 1, seed, trajectory, (uint64_t *)w + l);
        }
        transformed(w, z);
        for (int l = 0; l < LANES && b + l < blocks; l++) {
            for (int i = 0; i < 8; i++) {
                out[8 * (b + l) + i] = z[i][l];
            }
        }
    }
}
