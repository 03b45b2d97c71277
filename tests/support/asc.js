export { compileString } from "assemblyscript/asc";
