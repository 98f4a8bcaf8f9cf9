using System.Text;
using Countersign.Sessions;
using Microsoft.AspNetCore.Identity;

namespace Countersign.AspNetCore.Identity;

/// <summary>Converts the errors of Identity's validators, and of the app's, to what responses carry.</summary>
internal static class IdentityErrors
{
    /// <summary>For an error whose own code or text can't be in a response.</summary>
    private const string OtherCode = "account_refused";

    private const string OtherDetail = "The account is not accepted.";

    /// <summary>Converts "PasswordRequiresDigit" to "password_requires_digit", the form of all other codes in responses.</summary>
    public static string CodeOf(IdentityError error)
    {
        var text = new StringBuilder(error.Code.Length + 4);
        foreach (var letter in error.Code)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }

    /// <summary>The refusal of a sign-up by one of the app's validators, in the app's words.</summary>
    public static AccountRefusal ToRefusal(IdentityError error)
    {
        var code = CodeOf(error);
        var detail = error.Description;
        return new AccountRefusal(AccountRefusal.IsCode(code) ? code : OtherCode, AccountRefusal.IsDetail(detail) ? detail : OtherDetail);
    }
}
