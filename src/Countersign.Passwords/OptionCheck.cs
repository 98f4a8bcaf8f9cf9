using System.Globalization;

namespace Countersign.Passwords;

/// <summary>Collects the faults of options: the option, what is wrong with it, and how to mend it.</summary>
internal sealed class OptionCheck
{
    private readonly List<(string Option, string Problem, string Remedy)> _faults = [];

    /// <summary>The faults, in the order of the checks.</summary>
    public IReadOnlyList<(string Option, string Problem, string Remedy)> Faults => _faults;

    public void Add(string option, string problem, string remedy) => _faults.Add((option, problem, remedy));

    /// <summary>Checks that a value lies within a range, both ends included.</summary>
    /// <param name="option">The option.</param>
    /// <param name="value">Its value. NaN is outside of every range.</param>
    /// <param name="least">The least value.</param>
    /// <param name="most">The largest value.</param>
    /// <param name="form">What to write, such as "a whole number".</param>
    public void Range<T>(string option, T value, T least, T most, string form)
        where T : IComparable<T>, IFormattable
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            Add(
                option,
                string.Create(CultureInfo.InvariantCulture, $"is {value}, which is out of range"),
                string.Create(CultureInfo.InvariantCulture, $"Write {form} from {least} to {most}."));
        }
    }

    /// <summary>Throws for the first fault.</summary>
    /// <exception cref="ArgumentException">There is a fault. The parameter's name is that of the option.</exception>
    public void ThrowIfFaulty(string options)
    {
        if (_faults is [var (option, problem, remedy), ..])
        {
            throw new ArgumentException($"{options}.{option} {problem}. {remedy}", option);
        }
    }
}
