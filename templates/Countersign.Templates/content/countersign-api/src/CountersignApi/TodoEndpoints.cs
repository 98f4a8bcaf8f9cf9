using Countersign.AspNetCore;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CountersignApi;

/// <summary>The routes below <c>/todos</c>. The parameter <see cref="CurrentUser"/> requires a login.</summary>
internal static class TodoEndpoints
{
    public static void MapTodos(this IEndpointRouteBuilder app)
    {
        var todos = app.MapGroup("/todos").WithTags("todos");
        todos.MapGet("", List);
        todos.MapPost("", AddAsync);
        todos.MapDelete("{id:int}", DeleteAsync);
        todos.MapGet("count", CountAsync).RequireAuthorization(policy => policy.RequireRole(Roles.Admin));
    }

    private static IAsyncEnumerable<TodoItem> List(CurrentUser user, AppDbContext database) => database.Todos
        .Where(todo => todo.OwnerId == user.UserId)
        .OrderBy(todo => todo.Id)
        .Select(todo => new TodoItem(todo.Id, todo.Title))
        .AsAsyncEnumerable();

    private static async Task<Created<TodoItem>> AddAsync(NewTodo item, CurrentUser user, AppDbContext database, CancellationToken cancellationToken)
    {
        var todo = new Todo { OwnerId = user.UserId, Title = item.Title };
        database.Todos.Add(todo);
        await database.SaveChangesAsync(cancellationToken);
        return TypedResults.Created($"/todos/{todo.Id}", new TodoItem(todo.Id, todo.Title));
    }

    private static async Task<Results<NoContent, NotFound>> DeleteAsync(
        int id, CurrentUser user, AppDbContext database, CancellationToken cancellationToken)
    {
        var deleted = await database.Todos.Where(todo => todo.Id == id && todo.OwnerId == user.UserId).ExecuteDeleteAsync(cancellationToken);
        return deleted == 0 ? TypedResults.NotFound() : TypedResults.NoContent();
    }

    /// <summary>How many there are of all users.</summary>
    private static Task<int> CountAsync(CurrentUser user, AppDbContext database, CancellationToken cancellationToken) =>
        database.Todos.CountAsync(cancellationToken);
}
