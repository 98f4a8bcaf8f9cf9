namespace Countersign.Passwords;

/// <summary>Refuses a setting that is outside its range, in the words that its documentation uses.</summary>
internal static class OptionRange
{
    public static void Require(bool holds, string options, string option, string range)
    {
        if (!holds)
        {
            throw new ArgumentException($"{options}.{option} is outside its range: {range}.", option);
        }
    }
}
