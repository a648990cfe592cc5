"""child.py WORKLOAD.json ENGINE THREADS: the same workload in PyTorch or JAX. Says `ready`, then answers each line, a number
of steps, with their mean time, the processor time in it, the loss of the last, and its peak memory."""
import json
import resource
import sys
import time

import numpy as np

DISCOUNT, DIVERSITY, EPSILON, RATE, BETA1, BETA2, ADAM_EPSILON = 0.97, 0.1, 1e-6, 1e-3, 0.9, 0.999, 1e-7
answers, sys.stdout = sys.stdout, sys.stderr


def layers(numbers, units, sizes):
    """[units x parameters] as weights [units, inputs, outputs] and biases [units, 1, outputs], layer by layer."""
    table, at, out = numbers.reshape(units, -1), 0, []
    for i, o in zip(sizes, sizes[1:]):
        out += [np.ascontiguousarray(table[:, at:at + i * o]).reshape(units, i, o), np.ascontiguousarray(table[:, at + i * o:at + (i + 1) * o]).reshape(units, 1, o)]
        at += (i + 1) * o
    return out


def search_numbers(w):
    """The parameters of policies and models, layer by layer, and the starts [starts x frame]."""
    frame = w['states'] * w['history']
    policy = layers(np.array(w['policy'], np.float32), w['policies'], [frame, w['policyWidth'], w['policyWidth'], w['actions']])
    model = layers(np.array(w['model'], np.float32), w['members'], [frame + w['actions'], w['modelWidth'], w['modelWidth'], w['states'] + 1])
    return policy, model, np.ascontiguousarray(np.array(w['start'], np.float32).reshape(frame, w['starts']).T)


def epoch_numbers(w):
    """The network's parameters, layer by layer; inputs, targets [rows x columns]; the batches' rows [batches x rows]."""
    network = [x[0] for x in layers(np.array(w['network'], np.float32), 1, w['sizes'])]
    table = [np.array(w[name], np.float32).reshape(w['rows'], -1) for name in ('inputs', 'targets')]
    return network, *table, np.array(w['order'], np.int32).reshape(-1, w['batch'])


def torch_search(w, compiled):
    import torch
    policy, model, start = search_numbers(w)
    K, M, B, S = w['policies'], w['members'], w['starts'], w['states']
    p = [torch.tensor(x, requires_grad=True) for x in policy]
    m = [torch.tensor(x) for x in model]
    first = torch.tensor(start).expand(K, M, B, -1).contiguous()
    optimiser = torch.optim.Adam(p, lr=RATE, betas=(BETA1, BETA2), eps=ADAM_EPSILON, fused=True)

    def cell(window, w0, b0, w1, b1, w2, b2, m0, c0, m1, c1, m2, c2):
        h = torch.baddbmm(b0, window.reshape(K, M * B, -1), w0).tanh()
        h = torch.baddbmm(b1, h, w1).tanh()
        action = torch.baddbmm(b2, h, w2).tanh().view(K, M, B, -1)
        x = torch.cat((window, action), 3)
        if M == 1:
            x = x.view(K * B, -1)
            y = torch.addmm(c0[0], x, m0[0]).relu()
            y = torch.addmm(c1[0], y, m1[0]).relu()
            y = torch.addmm(c2[0], y, m2[0]).view(K, M, B, -1)
        else:
            x = x.transpose(0, 1).reshape(M, K * B, -1)
            y = torch.baddbmm(c0, x, m0).relu()
            y = torch.baddbmm(c1, y, m1).relu()
            y = torch.baddbmm(c2, y, m2).view(M, K, B, -1).transpose(0, 1)
        after = window[..., :S] + y[..., :S]
        return after, torch.cat((after, window[..., :-S]), 3) if w['history'] > 1 else after, y[..., S].sum()

    one = torch.compile(cell) if compiled else cell

    def loss_of():
        window, total, factor, rows = first, 0.0, 1.0, []
        for _ in range(w['horizon']):
            after, window, reward = one(window, *p, *m)
            rows.append(after)
            total, factor = total + factor * reward, factor * DISCOUNT
        t = torch.stack(rows)
        with torch.no_grad():
            d = torch.stack([((t[:, k:k + 1] - t).square().sum((0, 4)) / w['horizon'] + EPSILON).sqrt().mean((1, 2)) for k in range(K)])
            nearest = (d + torch.eye(K) * 1e30).argmin(1)
        least = ((t - t[:, nearest]).square().sum((0, 4)) / w['horizon'] + EPSILON).sqrt().mean((1, 2)).sum()
        return -total / (B * M) - DIVERSITY * least

    def step():
        optimiser.zero_grad(set_to_none=True)
        loss = loss_of()
        loss.backward()
        optimiser.step()
        return loss.item()
    return step


def torch_epoch(w, compiled):
    import torch
    network, inputs, targets, batches = epoch_numbers(w)
    p = [torch.tensor(x, requires_grad=True) for x in network]
    inputs, targets, batches = torch.tensor(inputs), torch.tensor(targets), torch.tensor(batches, dtype=torch.int64)
    optimiser = torch.optim.Adam(p, lr=RATE, betas=(BETA1, BETA2), eps=ADAM_EPSILON, fused=True)

    def loss_of(x, y, w0, b0, w1, b1, w2, b2):
        h = torch.addmm(b0[0], x, w0).relu()
        h = torch.addmm(b1[0], h, w1).relu()
        return (torch.addmm(b2[0], h, w2) - y).square().mean()

    one = torch.compile(loss_of) if compiled else loss_of

    def step():
        total = 0.0
        for rows in batches:
            optimiser.zero_grad(set_to_none=True)
            loss = one(inputs[rows], targets[rows], *p)
            loss.backward()
            optimiser.step()
            total += loss.item()
        return total / len(batches)
    return step


def adam(p, a, b, count, g):
    """A step of Adam in JAX: parameters, moments and count before it, and the gradient."""
    import jax.numpy as jnp
    count = count + 1
    a = [BETA1 * x + (1 - BETA1) * y for x, y in zip(a, g)]
    b = [BETA2 * x + (1 - BETA2) * y * y for x, y in zip(b, g)]
    one, two = 1 - BETA1 ** count, 1 - BETA2 ** count
    return [x - RATE * (y / one) / (jnp.sqrt(z / two) + ADAM_EPSILON) for x, y, z in zip(p, a, b)], a, b, count


def jax_search(w):
    import jax
    import jax.numpy as jnp
    policy, model, start = search_numbers(w)
    K, M, B, S, H = w['policies'], w['members'], w['starts'], w['states'], w['horizon']
    factors = jnp.asarray(DISCOUNT, jnp.float32) ** jnp.arange(H)

    def rollout(p, m, start):
        def body(window, factor):
            h = jnp.tanh(window @ p[0] + p[1])
            h = jnp.tanh(h @ p[2] + p[3])
            action = jnp.tanh(h @ p[4] + p[5])
            y = jax.nn.relu(jnp.concatenate((window, action), 1) @ m[0] + m[1])
            y = jax.nn.relu(y @ m[2] + m[3])
            y = y @ m[4] + m[5]
            after = window[:, :S] + y[:, :S]
            return (jnp.concatenate((after, window[:, :-S]), 1) if w['history'] > 1 else after), (after, factor * y[:, S].sum())
        _, (rows, rewards) = jax.lax.scan(body, start, factors)
        return rows, rewards.sum()

    def loss(p, m, start):
        t, total = jax.vmap(jax.vmap(rollout, (None, 0, None)), (0, None, None))(p, m, start)  # [K, M, H, B, S]
        u = jax.lax.stop_gradient(t)
        d = jnp.stack([jnp.sqrt(jnp.square(u[k] - u).sum((2, 4)) / H + EPSILON).mean((1, 2)) for k in range(K)])
        nearest = jnp.argmin(d + jnp.eye(K) * 1e30, 1)
        least = jnp.sqrt(jnp.square(t - t[nearest]).sum((2, 4)) / H + EPSILON).mean((1, 2)).sum()
        return -total.sum() / (B * M) - DIVERSITY * least

    def train(p, a, b, count, m, start):
        value, g = jax.value_and_grad(loss)(p, m, start)
        return value, *adam(p, a, b, count, g)

    return jax_steps(train, policy, [jnp.asarray(x) for x in model], jnp.asarray(start))


def jax_epoch(w):
    import jax
    import jax.numpy as jnp
    network, inputs, targets, batches = epoch_numbers(w)

    def loss(p, x, y):
        h = jax.nn.relu(x @ p[0] + p[1])
        h = jax.nn.relu(h @ p[2] + p[3])
        return jnp.square(h @ p[4] + p[5] - y).mean()

    def train(p, a, b, count, inputs, targets, batches):
        def body(state, rows):
            value, g = jax.value_and_grad(loss)(state[0], inputs[rows], targets[rows])
            return adam(*state, g), value
        state, values = jax.lax.scan(body, (p, a, b, count), batches)
        return values.mean(), *state

    return jax_steps(train, network, *(jnp.asarray(x) for x in (inputs, targets, batches)))


def jax_steps(train, parameters, *fixed):
    """`train`, compiled, from its state and what stays to the loss and its next state."""
    import jax
    import jax.numpy as jnp
    compiled = jax.jit(train, donate_argnums=(0, 1, 2, 3))
    p = [jnp.asarray(x) for x in parameters]
    state = [p, [jnp.zeros_like(x) for x in p], [jnp.zeros_like(x) for x in p], jnp.float32(0)]

    def step():
        value, *state[:] = compiled(*state, *fixed)
        return float(value)
    return step


def opened(w, name, threads):
    """What makes a step and returns its loss."""
    if name == 'jax':
        return jax_search(w) if w['kind'] == 'search' else jax_epoch(w)
    import torch
    torch.set_num_threads(threads)
    return (torch_search if w['kind'] == 'search' else torch_epoch)(w, name == 'torch.compile')


def peak_megabytes():
    """The most memory that this process has had. On Linux not by getrusage, which counts what its parent had when it was started."""
    try:
        with open('/proc/self/status') as status:
            kilobytes = next(int(line.split()[1]) for line in status if line.startswith('VmHWM'))
    except (OSError, StopIteration):
        kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / 1024


def main():
    with open(sys.argv[1]) as file:
        w = json.load(file)
    step = opened(w, sys.argv[2], int(sys.argv[3]))
    print(json.dumps({'ready': True}), file=answers, flush=True)
    for line in sys.stdin:
        count, loss, begin, before = int(line), 0.0, time.perf_counter(), time.process_time()
        for _ in range(count):
            loss = step()
        milliseconds = (time.perf_counter() - begin) * 1e3 / count
        processor = (time.process_time() - before) * 1e3 / count
        print(json.dumps({'milliseconds': milliseconds, 'processor': processor, 'loss': loss, 'megabytes': peak_megabytes()}), file=answers, flush=True)


main()
