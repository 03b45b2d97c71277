export { compileString, main } from "assemblyscript/asc";
