"""Claims for symbolic s, whose exact points have s = ½ and 1 only, at larger spins with QuTiP's operators."""

import numpy as np
import pytest
import qutip


def velocity(rho, h, kappa):
    """ρ̇ of PRL 3 from a dense linear solve, row by row of vec(ρ): the law a second time on purpose."""
    one = np.eye(len(rho))
    ad = np.kron(rho, one) - np.kron(one, rho.T)
    return np.linalg.solve(np.eye(len(ad)) - 1j * kappa * ad, 1j * ad @ h.ravel()).reshape(h.shape)


def gilbert(m, torque, damping):
    """v with v + damping m × v = torque, by a 3 × 3 solve."""
    return np.linalg.solve(np.eye(3) + damping * np.cross(m, np.eye(3), axisb=0, axisc=0), torque)


@pytest.mark.parametrize("s", [1.5, 2.0, 3.5])
def test_a_coherent_state_follows_llg_with_alpha_equal_to_kappa(s):
    spins, B, kappa = [a.full() for a in qutip.jmat(s)], np.array([0.3, -1.1, 0.7]), 0.6
    psi = qutip.spin_coherent(s, 1.1, 0.4)
    n = np.array([qutip.expect(a, psi) for a in qutip.jmat(s)]) / s
    X = velocity((psi @ psi.dag()).full(), -sum(b * a for b, a in zip(B, spins, strict=True)), kappa)
    found = np.array([np.trace(X @ a).real for a in spins]) / s
    torque = np.cross(n, B)
    assert np.abs(found - gilbert(n, torque, kappa)).max() < 1e-12
    assert np.abs(found - gilbert(n, torque, 2 * kappa)).max() > 0.01        # the false twin


@pytest.mark.parametrize("s", [1.5, 2.0, 3.5])
def test_eta_follows_prl_8_and_stays_below_its_bound(s):
    spins, B, kappa, d = [a.full() for a in qutip.jmat(s)], np.array([0.3, -1.1, 0.7]), 0.6, int(2 * s + 1)
    eta = np.array([2.0, -1.0, 2.0]) / (3 * s)                                # |η| = 1/s, the largest
    rho = (np.eye(d) + sum(x * a for x, a in zip(eta, spins, strict=True))) / d
    assert abs(np.linalg.eigvalsh(rho)[0]) < 1e-14
    X = velocity(rho, -sum(b * a for b, a in zip(B, spins, strict=True)), kappa)
    v = np.array([np.trace(X @ a).real for a in spins]) * 3 / (s * (s + 1))   # PRL 5
    assert np.abs(v - gilbert(eta, np.cross(eta, B), kappa / d)).max() < 1e-12
    assert np.abs(v - gilbert(eta, np.cross(eta, B), kappa)).max() > 0.01
    factor = 1 + kappa**2 * (eta @ eta) / d**2
    ad = rho @ X - X @ rho
    assert np.abs(X + kappa**2 * (rho @ ad - ad @ rho) - factor * X).max() < 1e-13
