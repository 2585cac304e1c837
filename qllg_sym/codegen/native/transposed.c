/* Batches of states that lie row by row, for kernels that take them in columns: turned block by block in the cache. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { TILE = 8 };                       /* rows, and columns, that are turned in registers */

typedef double row8 __attribute__((vector_size(64), aligned(8), may_alias));
typedef int64_t order8 __attribute__((vector_size(64)));
typedef void kernel_batch(size_t m, double t, const double *Y, const double *P, size_t p_stride, double *dY);

/* GCC before 12 knows the older word alone. */
#ifdef __has_builtin
#if __has_builtin(__builtin_shufflevector)
#define PICK(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#endif
#endif
#ifndef PICK
#define PICK(a, b, ...) __builtin_shuffle(a, b, (order8){__VA_ARGS__})
#endif

/* Swap the off-diagonal blocks of size `step` of all pairs of rows that are `step` apart. */
#define SWAP(x, step, low, high)                    \
    for (size_t i = 0; i < TILE; i++) {             \
        if (!(i & step)) {                          \
            const row8 a = x[i], b = x[i + step];   \
            x[i] = PICK(a, b, low);                 \
            x[i + step] = PICK(a, b, high);         \
        }                                           \
    }
#define ONES_LOW 0, 8, 2, 10, 4, 12, 6, 14
#define ONES_HIGH 1, 9, 3, 11, 5, 13, 7, 15
#define TWOS_LOW 0, 1, 8, 9, 4, 5, 12, 13
#define TWOS_HIGH 2, 3, 10, 11, 6, 7, 14, 15
#define FOURS_LOW 0, 1, 2, 3, 8, 9, 10, 11
#define FOURS_HIGH 4, 5, 6, 7, 12, 13, 14, 15

/* out[j*to + i] = in[i*from + j] for i, j < 8. */
static inline void turn_tile(const double *in, size_t from, double *out, size_t to)
{
    row8 x[TILE];
    for (size_t i = 0; i < TILE; i++) {
        x[i] = *(const row8 *)(in + i * from);
    }
    SWAP(x, 1, ONES_LOW, ONES_HIGH)
    SWAP(x, 2, TWOS_LOW, TWOS_HIGH)
    SWAP(x, 4, FOURS_LOW, FOURS_HIGH)
    for (size_t i = 0; i < TILE; i++) {
        *(row8 *)(out + i * to) = x[i];
    }
}

/* out[j*to + i] = in[i*from + j] for i < rows, j < columns.  The last tiles overlap those before them. */
static void turn(size_t rows, size_t columns, const double *restrict in, size_t from, double *restrict out, size_t to)
{
    if (rows < TILE || columns < TILE) {
        for (size_t i = 0; i < rows; i++) {
            for (size_t j = 0; j < columns; j++) {
                out[j * to + i] = in[i * from + j];
            }
        }
        return;
    }
    for (size_t i = 0; i < rows; i += TILE) {
        const size_t row = i + TILE <= rows ? i : rows - TILE;
        for (size_t j = 0; j < columns; j += TILE) {
            const size_t column = j + TILE <= columns ? j : columns - TILE;
            turn_tile(in + row * from + column, from, out + column * to + row, to);
        }
    }
}

/* m states of n entries, row by row, to their slopes of `outputs` entries: through `room`, block*(n + outputs + k)
 * doubles.  P is (k, m), or (k,) for all if p_stride is 0. */
void qllg_rows(kernel_batch *kernel, size_t m, size_t n, size_t outputs, size_t k, double t, const double *Y,
               const double *P, size_t p_stride, double *dY, size_t block, double *room)
{
    double *states = room, *slopes = states + block * n, *own = slopes + block * outputs;
    for (size_t i = 0; i < m; i += block) {
        const size_t width = m - i < block ? m - i : block;
        const double *p = P;
        turn(width, n, Y + i * n, n, states, width);
        if (p_stride != 0) {
            for (size_t j = 0; j < k; j++) {
                memcpy(own + j * width, P + j * m + i, width * sizeof(double));
            }
            p = own;
        }
        kernel(width, t, states, p, p_stride, slopes);
        turn(outputs, width, slopes, width, dY + i * outputs, outputs);
    }
}
