/* Annealing of four Ising problems side by side: H = -(1 - s) sum of sigma x + s E on strings of spins, E diagonal.

   A global flip keeps E, so that a ket is held for strings whose first spin is up; the flip of that one is the flip of
   all others. Hadamard's transform makes the flips diagonal: its factor depends on the number p of ones alone. A ket is
   rows of eight doubles, the real and the imaginary parts of four problems. The bits of a row's number are low ones,
   whose rows lie side by side, and high ones; two passes through memory are a step, one of each kind. */

#include <stdint.h>
#include <string.h>

enum { LANES = 4, ROW = 2 * LANES, SIDE = 4 }; /* doubles of a row, rows that a tile of high bits takes side by side */

/* Hadamard's transform over the number of 2^bits rows of so many doubles, two bits at a time. */
static void transform(double *restrict x, int64_t bits, int64_t width) {
    int64_t h = width;
    const int64_t end = width << bits;
    if (bits & 1) {
        for (int64_t i = 0; i < end; i += 2 * h)
            for (double *p = x + i, *q = p + h; p < x + i + h; p++, q++) {
                const double a = *p, b = *q;
                *p = a + b;
                *q = a - b;
            }
        h *= 2;
    }
    for (; h < end; h *= 4)
        for (int64_t i = 0; i < end; i += 4 * h) {
            double *restrict p = x + i, *restrict q = p + h, *restrict r = q + h, *restrict s = r + h;
            for (int64_t k = 0; k < h; k++) {
                const double a = p[k] + q[k], b = p[k] - q[k], c = r[k] + s[k], d = r[k] - s[k];
                p[k] = a + c;
                q[k] = b + d;
                r[k] = a - c;
                s[k] = b - d;
            }
        }
}

/* The flips of the low bits, and the factor of all: factor (bits + 1, 2), by the number of ones. */
static void low_pass(double *ket, int64_t low, int64_t high, const double *factor) {
    for (int64_t j = 0; j < (int64_t)1 << high; j++) {
        double *x = ket + (j << low) * ROW;
        transform(x, low, ROW);
        for (int64_t i = 0; i < (int64_t)1 << low; i++) {
            const double *f = factor + 2 * (__builtin_popcountll((unsigned long long)i) +
                                            __builtin_popcountll((unsigned long long)j));
            for (int64_t k = 0; k < LANES; k++) {
                const double a = x[i * ROW + k], b = x[i * ROW + LANES + k];
                x[i * ROW + k] = f[0] * a - f[1] * b;
                x[i * ROW + LANES + k] = f[0] * b + f[1] * a;
            }
        }
        transform(x, low, ROW);
    }
}

/* The flips of the high bits before and after the phases, which a table (levels, 2) has by the number of the energy. */
static void high_pass(double *ket, double *tile, int64_t low, int64_t high, const int16_t *energy, const double *phase,
                      int first, int last) {
    const int64_t side = low < 2 ? (int64_t)1 << low : SIDE, rows = (int64_t)1 << high;
    const size_t bytes = (size_t)(side * ROW) * sizeof(double);
    for (int64_t i = 0; i < (int64_t)1 << low; i += side) {
        for (int64_t j = 0; j < rows; j++)
            memcpy(tile + j * side * ROW, ket + ((j << low) + i) * ROW, bytes);
        if (!first)
            transform(tile, high, side * ROW);
        for (int64_t j = 0; j < rows; j++)
            for (int64_t n = 0; n < side; n++) {
                double *x = tile + (j * side + n) * ROW;
                const int16_t *e = energy + ((j << low) + i + n) * LANES;
                for (int64_t k = 0; k < LANES; k++) {
                    const double *f = phase + 2 * e[k], a = x[k], b = x[LANES + k];
                    x[k] = f[0] * a - f[1] * b;
                    x[LANES + k] = f[0] * b + f[1] * a;
                }
            }
        if (!last)
            transform(tile, high, side * ROW);
        for (int64_t j = 0; j < rows; j++)
            memcpy(ket + ((j << low) + i) * ROW, tile + j * side * ROW, bytes);
    }
}

/* ket (2^(low + high), 8) is moved; energy (2^(low + high), 4) are numbers of levels, phase (steps + 1, levels, 2),
   factor (steps, low + high + 1, 2); tile has room for 2^high rows of 32 doubles. */
void qllg_ising_anneal(double *ket, double *tile, int64_t low, int64_t high, const int16_t *energy, int64_t steps,
                       int64_t levels, const double *phase, const double *factor) {
    for (int64_t k = 0; k <= steps; k++) {
        high_pass(ket, tile, low, high, energy, phase + k * levels * 2, k == 0, k == steps);
        if (k < steps)
            low_pass(ket, low, high, factor + k * (low + high + 1) * 2);
    }
}
