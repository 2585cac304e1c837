/* H/hbar on kets of one wave number on a ring of spins 1/2:
   out[b] = root[b] sum over flips x of (sum over strings of c (-1)^(z & b)) table[factor] v[column].

   Each ket has a list of the images of its product state b by the flips: the product state that stands for each, and
   the factor of the step that carries it there. */

#include <stddef.h>
#include <stdint.h>

typedef struct {
    const int64_t *states;    /* (d) the product state that stands for each ket */
    const double *root;       /* (d) root of how many it stands for */
    const int64_t *begin;     /* (d + 1) images of each */
    const int32_t *column;    /* (images) */
    const uint16_t *factor;   /* (images) place in the table */
    const uint16_t *flip;     /* (images) number of the flip */
    const double *table;      /* (factors, 2) */
    const int64_t *end;       /* (flips + 1) end of the strings of each flip, after a zero */
    const int64_t *z;         /* (strings) */
    const double *real, *imaginary; /* (strings) coefficients */
} ring;

static int odd(uint64_t x) {
    x ^= x >> 32;
    x ^= x >> 16;
    x ^= x >> 8;
    x ^= x >> 4;
    return 0x6996 >> (x & 15) & 1;
}

/* out = factor (H - middle) v, or twice that - before, of kets from one to another; `columns` kets side by side. */
void qllg_ring_apply(const ring *s, const double *v, double *out, int64_t columns, int64_t first, int64_t last,
                     double factor, double middle, const double *before) {
    const int64_t width = 2 * columns;
    for (int64_t b = first; b < last; b++) {
        double *y = out + b * width;
        const double *own = v + b * width;
        for (int64_t c = 0; c < width; c++)
            y[c] = 0.0;
        for (int64_t e = s->begin[b]; e < s->begin[b + 1]; e++) {
            double re = 0.0, im = 0.0;
            for (int64_t k = s->end[s->flip[e]]; k < s->end[s->flip[e] + 1]; k++) {
                const int turned = odd((uint64_t)(s->states[b] & s->z[k]));
                re += turned ? -s->real[k] : s->real[k];
                im += turned ? -s->imaginary[k] : s->imaginary[k];
            }
            const double *t = s->table + 2 * s->factor[e], *x = v + s->column[e] * width;
            const double fr = re * t[0] - im * t[1], fi = re * t[1] + im * t[0];
            for (int64_t c = 0; c < width; c += 2) {
                y[c] += fr * x[c] - fi * x[c + 1];
                y[c + 1] += fr * x[c + 1] + fi * x[c];
            }
        }
        for (int64_t c = 0; c < width; c++) {
            y[c] = factor * (s->root[b] * y[c] - middle * own[c]);
            if (before)
                y[c] = 2 * y[c] - before[b * width + c];
        }
    }
}
