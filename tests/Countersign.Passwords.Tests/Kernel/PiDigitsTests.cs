using System.Numerics;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Tests.Kernel;

public sealed class PiDigitsTests
{
    [Fact]
    public void Words_AllOfThem_AreThoseOfMachinsFormula()
    {
        const int bits = (18 + 1024) * 32, guard = 64;
        var one = BigInteger.One << (bits + guard);
        var pi = 4 * ((4 * ArcTangentOfOneOver(5, one)) - ArcTangentOfOneOver(239, one));
        var digits = (pi - (3 * one)) >> guard;
        var expected = new uint[bits / 32];
        for (int index = expected.Length - 1; index >= 0; index--)
        {
            expected[index] = (uint)(digits & uint.MaxValue);
            digits >>= 32;
        }

        Assert.Equal(expected, PiDigits.Words.ToArray());
    }

    /// <summary>1/x − 1/3x³ + 1/5x⁵ …</summary>
    private static BigInteger ArcTangentOfOneOver(int x, BigInteger one)
    {
        var power = one / x;
        var sum = power;
        for (int divisor = 3; !power.IsZero; divisor += 2)
        {
            power /= -(x * x);
            sum += power / divisor;
        }

        return sum;
    }
}
