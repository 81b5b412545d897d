using System.Numerics;

namespace Temporalio.Common;

/// <summary>Random numbers that are the same for the same seed, on every machine and in the official SDK: PCG "MCG XSL RR 128/64".</summary>
public class DeterministicRandom : Random
{
    private const ulong SeedMultiplier = 6364136223846793005;
    private const ulong SeedIncrement = 11634580027462260723;
    private static readonly UInt128 Multiplier = new(0x2360ED051FC65DA4, 0x4385DF649FCCF645);

    private UInt128 state;

    public DeterministicRandom(ulong seed)
    {
        unchecked
        {
            // A seed of 64 bits is stretched to 128 by another generator of the family.
            for (var word = 0; word < 4; word++)
            {
                seed = (seed * SeedMultiplier) + SeedIncrement;
                var mixed = (uint)(((seed >> 18) ^ seed) >> 27);
                state |= (UInt128)BitOperations.RotateRight(mixed, (int)(seed >> 59)) << (32 * word);
            }
            state |= 1;
        }
    }

    /// <inheritdoc/>
    public override int Next() => Next(0, int.MaxValue);

    /// <inheritdoc/>
    public override int Next(int maxValue) => Next(0, maxValue);

    /// <inheritdoc/>
    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        if (minValue == maxValue)
        {
            return minValue;
        }
        unchecked
        {
            var range = (uint)maxValue - (uint)minValue;
            var product = (ulong)(uint)Draw() * range;
            var result = (uint)(product >> 32);
            var low = (uint)product;
            if (low > (uint)-(int)range)
            {
                var carry = (uint)(((ulong)(uint)Draw() * range) >> 32);
                result += (ulong)low + carry > uint.MaxValue ? 1u : 0u;
            }
            return (int)(result + (uint)minValue);
        }
    }

    /// <inheritdoc/>
    public override double NextDouble() => BitConverter.UInt64BitsToDouble((Draw() >> 12) | 0x3FF0000000000000) - 1;

    /// <inheritdoc/>
    public override void NextBytes(byte[] buffer)
    {
        for (var at = 0; at < buffer.Length; at += sizeof(ulong))
        {
            var drawn = Draw();
            for (var i = at; i < buffer.Length && i < at + sizeof(ulong); i++)
            {
                buffer[i] = unchecked((byte)drawn);
                drawn >>= 8;
            }
        }
    }

    /// <inheritdoc/>
    protected override double Sample() => NextDouble();

    private ulong Draw()
    {
        unchecked
        {
            state *= Multiplier;
            return BitOperations.RotateRight((ulong)(state >> 64) ^ (ulong)state, (int)(state >> 122));
        }
    }
}
