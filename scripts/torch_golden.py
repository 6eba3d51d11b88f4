"""Trains dcgan-a with the layers, losses and optimizers of PyTorch on the output of torch-golden.js. Prints the losses of
each step and the final weights, with which test/domain/training/torch-parity.test.ts compares the tensor program.
Needs torch and numpy. Run it by hand when the network changes. It computes in float64, so that the test measures only
our rounding errors.
"""
import base64
import json
import sys

import torch
import torch.nn as nn

torch.set_default_dtype(torch.float64)
given = json.load(sys.stdin)
d = given['depth']
tensor = lambda t: torch.tensor(t['data'], dtype=torch.float64).reshape(t['shape'])
down = lambda i, o: nn.Conv2d(i, o, 4, 2, 1, bias=False)
up = lambda i, o: nn.ConvTranspose2d(i, o, 4, 2, 1, bias=False)

generator, discriminator = [], [down(1, d), nn.LeakyReLU(0.2)]
for i, o in ((7, 8 * d), (8 * d, 4 * d), (4 * d, 2 * d), (2 * d, d)):
    generator += [up(i, o), nn.BatchNorm2d(o), nn.LeakyReLU(0.2)]
generator = nn.Sequential(*generator, up(d, 1), nn.Sigmoid())
for i, o in ((d, 2 * d), (2 * d, 4 * d), (4 * d, 8 * d), (8 * d, d)):
    discriminator += [down(i, o), nn.BatchNorm2d(o), nn.LeakyReLU(0.2)]
discriminator += [nn.Flatten(), nn.Linear(16 * d, 512), nn.LeakyReLU(0.2), nn.Linear(512, 1)]
discriminator = nn.Sequential(*discriminator)

named = {}
for name, network in (('generator', generator), ('discriminator', discriminator)):
    stage = 0
    for layer in network:
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
            stage += 1
            named[f'{name}.{stage}.conv.weight'] = layer.weight
        elif isinstance(layer, nn.BatchNorm2d):
            parts = {'scale': layer.weight, 'bias': layer.bias, 'mean': layer.running_mean, 'variance': layer.running_var}
            named.update({f'{name}.{stage}.norm.{part}': value for part, value in parts.items()})
        elif isinstance(layer, nn.Linear):
            stage += 1
            named[f'{name}.{stage}.linear.weight'] = layer.weight
            named[f'{name}.{stage}.linear.bias'] = layer.bias
with torch.no_grad():
    for name, value in named.items():
        value.copy_(tensor(given['state'][name]))

loss = nn.BCEWithLogitsLoss()
adam_d = torch.optim.Adam(discriminator.parameters(), 2e-4, (0.5, 0.999))
adam_g = torch.optim.Adam(generator.parameters(), 2e-4, (0.5, 0.999))
losses = []
for feeds in given['feeds']:
    adam_d.zero_grad()
    on_real = discriminator(tensor(feeds['real']))
    fake = generator(tensor(feeds['noise']))
    on_fake = discriminator(fake.detach())
    loss_d = 0.5 * loss(on_real, torch.ones_like(on_real)) + 0.5 * loss(on_fake, torch.zeros_like(on_fake))
    loss_d.backward()
    adam_d.step()
    adam_g.zero_grad()
    on_fake_after_update = discriminator(fake)
    loss_g = loss(on_fake_after_update, torch.ones_like(on_fake_after_update))
    loss_g.backward()
    adam_g.step()
    losses.append([loss_d.item(), loss_g.item()])

encoded = lambda value: base64.b64encode(value.detach().numpy().astype('<f4').tobytes()).decode()
json.dump({'depth': d, 'batch': given['batch'], 'seed': given['seed'], 'losses': losses,
           'weights': {name: encoded(value) for name, value in named.items()}}, sys.stdout)
